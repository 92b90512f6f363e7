// The words for what can be wrong with a row of any family of the laboratory.
#pragma once

#include <mighost/plugin.hpp>

namespace lab {

inline constexpr mig::code unknown_enum{"unknown_enum",
                                        "a code that the legacy database never explained"};
inline constexpr mig::code name_missing{
    "name_missing", "the row has no name, so one was made that says what the row is"};
inline constexpr mig::code json_invalid{"json_invalid",
                                        "the text is no JSON; it was kept as it is under \"_raw\""};
inline constexpr mig::code nul_replaced{
    "nul_replaced", "the JSON had NUL characters, which jsonb refuses; U+FFFD stands for each"};

}  // namespace lab
