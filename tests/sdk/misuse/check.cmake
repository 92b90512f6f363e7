# Compiles one snippet; it must fail, and say what its first line expects.
file(STRINGS "${snippet}" first LIMIT_COUNT 1)
string(REGEX REPLACE "^// expect: " "" expected "${first}")
execute_process(
  COMMAND "${compiler}" -std=c++20 -Wall -Wextra -Werror -fsyntax-only "-I${include}" "${snippet}"
  RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(expected STREQUAL "(compiles)")
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "it should compile:\n${output}")
  endif()
  return()
endif()
if(result EQUAL 0)
  message(FATAL_ERROR "it compiles, and should not: ${expected}")
endif()
string(FIND "${output}" "${expected}" at)
if(at EQUAL -1)
  message(FATAL_ERROR "the compiler does not say '${expected}':\n${output}")
endif()
