// What the numbers of the legacy database mean, and the words for what can be wrong with a row. An
// unknown number is never given a meaning: the row is quarantined (domain 3.2, D-20).
#pragma once

#include <cstddef>
#include <cstdint>
#include <mighost/plugin.hpp>
#include <optional>
#include <string_view>

namespace core {

/// A legacy code and the word that the target has for it.
struct coded {
  std::int64_t code;
  std::string_view word;
};

/// dispatch_course.id to course_type; 5 and 6 were never used.
inline constexpr coded course_types[] = {
    {1, "main"}, {2, "refinement"}, {3, "replacement"},
    {4, "any"},  {7, "invoice"},    {8, "merchandise"},
};

/// dispatch_patient.sex to gender. NULL, and a user who is no patient, is `unknown`.
inline constexpr coded genders[] = {{0, "other"}, {1, "male"}, {2, "female"}};
inline constexpr std::string_view gender_unknown = "unknown";

/// dispatch_instruction.status to order_status, as far as it is known.
inline constexpr coded order_statuses[] = {
    {0, "no_product"},
    {1, "submitted"},
    {2, "approved"},
    {4, "shipped"},
};

/// Codes whose meaning was only inferred (domain 9.3, Q2): the setting `order_status` may name it.
inline constexpr std::int64_t inferred_order_statuses[] = {3, 5};

/// From this status on an order was approved; with the second one it was shipped.
inline constexpr std::int64_t status_approved = 2;
inline constexpr std::int64_t status_shipped = 4;

/// The words of the target's type order_status, which the setting `order_status` may use.
inline constexpr std::string_view order_status_words[] = {
    "no_product", "submitted", "approved", "in_production",
    "shipped",    "cancelled", "on_hold",  "add_plan",
};

/// The word for a code; nothing when the code is unknown.
template <std::size_t N>
constexpr std::optional<std::string_view> word_for(const coded (&table)[N], std::int64_t code) {
  for (const coded& each : table) {
    if (each.code == code) return each.word;
  }
  return std::nullopt;
}

// Codes that several entities report.

inline constexpr mig::code unknown_enum{"unknown_enum",
                                        "a code that the legacy database never explained"};
inline constexpr mig::code name_missing{
    "name_missing", "the row has no name, so one was made that says what the row is"};
inline constexpr mig::code birthdate_range{
    "birthdate_range", "the birth date lies before 1900 or in the future and was left out"};
inline constexpr mig::code json_invalid{"json_invalid",
                                        "the text is no JSON; it was kept as it is under \"_raw\""};
inline constexpr mig::code nul_replaced{
    "nul_replaced", "the JSON had NUL characters, which jsonb refuses; U+FFFD stands for each"};

}  // namespace core
