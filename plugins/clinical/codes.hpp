// What the numbers and abbreviations of the legacy database mean, and the words that the target has
// for them. Where a setting has the name of a table, it may override single entries. An unknown
// number is never given a meaning (domain 9).
#pragma once

#include <algorithm>
#include <cstdint>
#include <mighost/plugin.hpp>
#include <string_view>

#include "lab/codes.hpp"
#include "lab/text.hpp"

namespace clinical {

using lab::maybe_text;
using lab::name_missing;
using lab::name_or_number;
using lab::tidied;
using lab::trimmed;
using lab::unknown_enum;
using mig::coded;
using mig::digits;

/// dispatch_jaw.reason. Two scripts disagreed about 2 and 3; domain 9.4 decides (D-25).
inline constexpr coded jaw_reasons[] = {{1, "breakage"}, {2, "other"}, {3, "complete"}};
inline constexpr std::string_view jaw_reason_words[] = {"breakage", "complete", "other"};

/// dispatch_project.type. The target has a word for what nobody knows.
inline constexpr coded project_types[] = {
    {0, "stl_upper"},
    {3, "treatment_plan"},
    {10, "simulation"},
    {11, "aligner_design"},
};
inline constexpr std::string_view project_type_unknown = "other";
inline constexpr std::string_view project_type_words[] = {
    "scan",           "model",     "simulation", "treatment_plan",
    "aligner_design", "stl_upper", "stl_lower",  "other",
};

/// dispatch_project.status.
inline constexpr coded project_statuses[] = {{0, "draft"}, {2, "completed"}};
inline constexpr std::string_view project_status_words[] = {
    "draft", "in_progress", "review", "approved", "completed", "archived",
};

/// dispatch_state.status, as it concerns the case.
inline constexpr coded case_state_types[] = {{11, "treatment_active"}, {12, "case_closed"}};
inline constexpr std::string_view case_state_words[] = {"treatment_active", "case_closed"};

/// The same, as it concerns the order. The names that the reference had for 13 to 20 were never
/// seen in the data, so an operator must give them (domain 2.5).
inline constexpr coded order_state_names[] = {{11, "review_approval"}, {12, "processing"}};
inline constexpr std::string_view order_state_words[] = {
    "review_approval", "processing", "manufacturing", "shipped",  "delivered",
    "completed",       "cancelled",  "on_hold",       "returned", "refunded",
};

/// What a technician with this abbreviation does (domain 3.4). In lower case.
struct abbreviated {
  std::string_view letters;
  std::string_view role_type;
};
inline constexpr abbreviated role_types[] = {
    {"dt", "designing"},   {"mt", "manufacturing"},  {"st", "sectioning"},
    {"idb", "sectioning"}, {"rt", "remote"},         {"dtr", "remote"},
    {"rmt", "remote"},     {"supervisor", "master"}, {"insp", "quality_control"},
};

/// The table's word for the letters with which the abbreviation begins: "DT", "dt-2" and "DT 1" are
/// the same, "DTR" and "Stefan" begin with other letters than "DT" and "ST". Nothing when the
/// abbreviation is unclassified.
inline maybe_text role_type_of(maybe_text abbreviation) {
  const maybe_text given = trimmed(abbreviation);
  if (!given) return std::nullopt;
  const auto is_letter = [](char c) {
    const char low = mig::detail::lower(c);
    return low >= 'a' && low <= 'z';
  };
  const auto end = std::find_if_not(given->begin(), given->end(), is_letter);
  const auto letters = given->substr(0, static_cast<std::size_t>(end - given->begin()));
  for (const abbreviated& each : role_types) {
    if (lab::same_ignoring_case(letters, each.letters)) return each.role_type;
  }
  return std::nullopt;
}

}  // namespace clinical
