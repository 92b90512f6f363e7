# Installs the SDK of the build directory `sdk`, builds the project `stranger` against it with each
# of `compilers` (separated by |), runs its test and looks at the library. Also once through
# pkg-config.
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output
    ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "${command}\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

function(check_library file)
  run(nm --dynamic --defined-only "${file}")
  string(STRIP "${output}" symbols)
  if(NOT symbols MATCHES "^[0-9a-f]+ T mighost_plugin_v1$")
    message(FATAL_ERROR "${file} exports more than the one symbol:\n${symbols}")
  endif()
  run(readelf --dynamic --wide "${file}")
  if(NOT output MATCHES "NODELETE")
    message(FATAL_ERROR "${file} could be unloaded:\n${output}")
  endif()
endfunction()

# Whoever runs this may have a launcher or flags in the environment; a stranger has not.
foreach(variable IN ITEMS CXXFLAGS LDFLAGS DESTDIR CMAKE_PREFIX_PATH)
  unset(ENV{${variable}})
endforeach()

file(REMOVE_RECURSE "${work}")
run("${CMAKE_COMMAND}" --install "${sdk}" --prefix "${work}/prefix")

string(REPLACE "|" ";" compilers "${compilers}")
list(FILTER compilers EXCLUDE REGEX "NOTFOUND$")
if(NOT compilers)
  message(FATAL_ERROR "there is neither g++ nor clang++")
endif()
set(number 0)
foreach(compiler IN LISTS compilers)
  math(EXPR number "${number} + 1")
  set(build "${work}/build${number}")
  run("${CMAKE_COMMAND}" -S "${stranger}" -B "${build}" "-DCMAKE_PREFIX_PATH=${work}/prefix"
    "-DCMAKE_CXX_COMPILER=${compiler}" -DCMAKE_BUILD_TYPE=Release "-DCMAKE_CXX_FLAGS=-Wall -Werror")
  run("${CMAKE_COMMAND}" --build "${build}")
  run("${CMAKE_CTEST_COMMAND}" --test-dir "${build}" --output-on-failure --no-tests=error)
  check_library("${build}/plugins/stranger.mig.so")
endforeach()
list(GET compilers 0 compiler)

# The next minor version of 0.x is another contract.
execute_process(COMMAND "${CMAKE_COMMAND}" -E make_directory "${work}/future")
file(WRITE "${work}/future/CMakeLists.txt" "cmake_minimum_required(VERSION 3.25)
project(future LANGUAGES NONE)
find_package(mighost-sdk 0.10 CONFIG REQUIRED)
")
execute_process(COMMAND "${CMAKE_COMMAND}" -S "${work}/future" -B "${work}/future/build"
  "-DCMAKE_PREFIX_PATH=${work}/prefix" RESULT_VARIABLE result OUTPUT_QUIET ERROR_VARIABLE output)
if(result EQUAL 0 OR NOT output MATCHES "0\\.10")
  message(FATAL_ERROR "asking for version 0.10 should fail, and say so:\n${output}")
endif()

find_program(pkg_config pkg-config)
if(pkg_config)
  set(ENV{PKG_CONFIG_PATH} "${work}/prefix/share/pkgconfig")
  run("${pkg_config}" --cflags mighost-sdk)
  separate_arguments(cflags UNIX_COMMAND "${output}")
  run("${pkg_config}" --variable=plugin_ldflags mighost-sdk)
  separate_arguments(ldflags UNIX_COMMAND "${output}")
  run("${compiler}" ${cflags} -O1 -DMIGHOST_PLUGIN_VERSION="1.2.3" "${stranger}/stranger.cpp"
    ${ldflags} -o "${work}/stranger.mig.so")
  check_library("${work}/stranger.mig.so")
endif()
