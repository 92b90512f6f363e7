// What the numbers of the legacy database mean, and the words for what can be wrong with a row. An
// unknown number is never given a meaning: the row is quarantined (domain 3.2, D-20).
#pragma once

#include <cstdint>
#include <mighost/plugin.hpp>
#include <string_view>

#include "lab/codes.hpp"

namespace core {

using mig::coded;
using mig::word_for;

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
inline constexpr std::int64_t open_order_statuses[] = {3, 5};

/// From this status on an order was approved; with the second one it was shipped.
inline constexpr std::int64_t status_approved = 2;
inline constexpr std::int64_t status_shipped = 4;

/// The words of the target's type order_status, which the setting `order_status` may use.
inline constexpr std::string_view order_status_words[] = {
    "no_product", "submitted", "approved", "in_production",
    "shipped",    "cancelled", "on_hold",  "add_plan",
};

// Codes that several entities report.

using lab::json_invalid;
using lab::name_missing;
using lab::nul_replaced;
using lab::unknown_enum;
inline constexpr mig::code birthdate_range{
    "birthdate_range", "the birth date lies before 1900 or in the future and was left out"};

}  // namespace core
