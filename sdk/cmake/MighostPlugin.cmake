# mighost_add_plugin(<name> SOURCES <file>... [TESTS <file>...] [INCLUDES <directory>...]
#                    [VERSION <version>])
#
# Builds <name>.mig.so, a shared library that exports mighost_plugin_v1 and nothing else, in
# MIGHOST_PLUGIN_OUTPUT_DIRECTORY (default: plugins/ in the build directory). VERSION is what the
# manifest says; the source sees it as MIGHOST_PLUGIN_VERSION.
# INCLUDES are directories of headers that several plugins of one team share.
#
# The files of TESTS include the plugin's .cpp (its types are its own) and <mighost/testing.hpp>.
# With BUILD_TESTING they become one GoogleTest program, the test <name>.unit. They are compiled
# together, so a header that includes the .cpp needs #pragma once, and names must differ.
function(mighost_add_plugin name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "VERSION" "SOURCES;TESTS;INCLUDES")
  if(arg_UNPARSED_ARGUMENTS OR arg_KEYWORDS_MISSING_VALUES OR NOT arg_SOURCES)
    message(FATAL_ERROR "mighost_add_plugin(${name}): wrong arguments "
      "${arg_UNPARSED_ARGUMENTS} ${arg_KEYWORDS_MISSING_VALUES}\n"
      "usage: mighost_add_plugin(<name> SOURCES <file>... [TESTS <file>...] [INCLUDES <directory>...] "
      "[VERSION <version>])")
  endif()
  set(definitions)
  if(arg_VERSION)
    set(definitions "MIGHOST_PLUGIN_VERSION=\"${arg_VERSION}\"")
  endif()
  if(NOT MIGHOST_PLUGIN_OUTPUT_DIRECTORY)
    set(MIGHOST_PLUGIN_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/plugins")
  endif()
  set(map "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin.map")

  add_library(${name} MODULE ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE mighost::sdk)
  target_include_directories(${name} PRIVATE ${arg_INCLUDES})
  target_compile_definitions(${name} PRIVATE ${definitions})
  set_target_properties(${name} PROPERTIES
    PREFIX "" SUFFIX ".mig.so"
    LIBRARY_OUTPUT_DIRECTORY "${MIGHOST_PLUGIN_OUTPUT_DIRECTORY}"
    CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    CXX_EXTENSIONS OFF
    LINK_DEPENDS "${map}")
  # Hidden visibility alone is not enough: inline statics of the standard library would still be
  # shared between plugins. A plugin is never unloaded, since much of C++ does not survive it.
  target_link_options(${name} PRIVATE "LINKER:--version-script=${map}" LINKER:-z,nodelete)
  _mighost_sanitized(sanitized)
  if(NOT sanitized)
    # The sanitizers' runtime is part of the program, so their symbols stay undefined in a library.
    target_link_options(${name} PRIVATE LINKER:-z,defs)
  endif()

  if(NOT BUILD_TESTING OR NOT arg_TESTS)
    return()
  endif()
  find_package(GTest REQUIRED)
  set(test ${name}.unit)
  add_executable(${test} ${arg_TESTS})
  target_link_libraries(${test} PRIVATE mighost::sdk GTest::gtest GTest::gtest_main)
  target_include_directories(${test} PRIVATE ${arg_INCLUDES})
  target_compile_definitions(${test} PRIVATE ${definitions})
  # One translation unit: the plugin, which all of them include, exists once.
  set_target_properties(${test} PROPERTIES
    UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 0
    RUNTIME_OUTPUT_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}" CXX_EXTENSIONS OFF)
  add_test(NAME ${test} COMMAND ${test})
  set_tests_properties(${test} PROPERTIES LABELS unit TIMEOUT 120)
endfunction()

# TRUE when the current directory compiles with -fsanitize.
function(_mighost_sanitized result)
  get_directory_property(options COMPILE_OPTIONS)
  get_directory_property(link_options LINK_OPTIONS)
  string(TOUPPER "${CMAKE_BUILD_TYPE}" config)
  set(flags "${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${config}} ${CMAKE_MODULE_LINKER_FLAGS}")
  if("${flags} ${options} ${link_options}" MATCHES "-fsanitize=")
    set(${result} TRUE PARENT_SCOPE)
  else()
    set(${result} FALSE PARENT_SCOPE)
  endif()
endfunction()
