#pragma once
// The issue codes that the host itself reports. A plugin must not declare them, so that a code in
// the quarantine says by itself who put the row there. (decimal_range is not among them: the C++
// wrapper declares and reports it in the plugin's name.)
#include <algorithm>
#include <array>
#include <string_view>

namespace mighost {

/// Those that the transform stage and the loader report by name.
namespace host_code {
inline constexpr const char* missing_parent = "missing_parent";
inline constexpr const char* waits_for_parent = "waits_for_parent";
inline constexpr const char* not_null = "not_null";
inline constexpr const char* duplicate_key = "duplicate_key";
inline constexpr const char* unique = "unique";
inline constexpr const char* foreign_key = "foreign_key";
inline constexpr const char* no_match = "no_match";
inline constexpr const char* numeric_range = "numeric_range";
inline constexpr const char* suppressed_by_trigger = "suppressed_by_trigger";
}  // namespace host_code

inline constexpr std::array<std::string_view, 17> host_codes = {
    "missing_parent",    // the row names a parent that does not exist
    "waits_for_parent",  // parked: the parent is itself quarantined or parked
    "unique",            // what the target's constraints refuse ...
    "not_null",
    "check",
    "foreign_key",
    "exclusion",
    "length",  // ... and what the target's types refuse
    "encoding",
    "out_of_range",
    "numeric_rounding",
    "numeric_range",
    "trigger",                // a target trigger raised an exception
    "suppressed_by_trigger",  // a target trigger returned NULL
    "server",                 // any other refusal of one row
    "duplicate_key",          // a second source row with the same legacy key
    "no_match",               // MIG_IDENTITY_NATURAL found no row
};

inline bool is_host_code(std::string_view code) {
  return std::find(host_codes.begin(), host_codes.end(), code) != host_codes.end();
}

}  // namespace mighost
