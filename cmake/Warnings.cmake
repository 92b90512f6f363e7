# mighost_warnings(<target>): the warnings that every target of this tree is built with.
# They stay private to the target: whoever links to it chooses his own.
function(mighost_warnings target)
  set(warnings -Wall -Wextra -Wpedantic -Wconversion -Wshadow)
  if(MIGHOST_WERROR)
    list(APPEND warnings -Werror)
  endif()
  # With sanitizers on, g++ 12 reports uninitialised values inside the standard library.
  if(MIGHOST_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    list(APPEND warnings -Wno-maybe-uninitialized)
  endif()
  # g++ 12 sees overlapping copies in every "text" + std::string (its bug 105651).
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    list(APPEND warnings $<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict>)
  endif()
  target_compile_options(${target} PRIVATE
    ${warnings}
    $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor>
    $<$<COMPILE_LANGUAGE:CXX>:-Wold-style-cast>)
endfunction()
