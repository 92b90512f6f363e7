// What the numbers of the legacy database mean to this family, and the words for what can be wrong
// with a row. Each table is what [plugins.business] may change code by code (domain 3.3, Q2).
#pragma once

#include <mighost/plugin.hpp>
#include <string_view>

#include "lab/codes.hpp"

namespace business {

using mig::coded;

/// dispatch_template.function; other codes exist and stay `other`.
inline constexpr coded template_functions[] = {{1, "submit"}, {2, "archive"}, {4, "process"}};
inline constexpr std::string_view template_function_other = "other";
inline constexpr std::string_view template_function_words[] = {"submit", "archive", "process",
                                                               "other"};

/// dispatch_patient.status to case_status; NULL is the first word.
inline constexpr coded case_statuses[] = {
    {1, "consultation"}, {2, "diagnosis"},    {3, "treatment_plan"}, {4, "active"},
    {5, "refinement"},   {6, "retention"},    {7, "completed"},      {8, "cancelled"},
    {9, "on_hold"},      {10, "transferred"}, {11, "revision"},
};
inline constexpr std::string_view case_status_default = "consultation";
inline constexpr std::string_view case_status_words[] = {
    "consultation", "diagnosis", "treatment_plan", "active",      "refinement", "retention",
    "completed",    "cancelled", "on_hold",        "transferred", "revision",
};

/// dispatch_record.type to message_type. It is the application's own enumeration and never the id
/// of a content type (D-38).
inline constexpr coded record_types[] = {
    {3, "user_communication"},
    {5, "clinical_note"},
    {6, "patient_communication"},
    {8, "status_update"},
};
inline constexpr std::string_view record_type_default = "general";
inline constexpr std::string_view record_type_words[] = {
    "user_communication", "clinical_note", "patient_communication", "status_update", "general"};

/// The words that the setting `task_jaw` may give to dispatch_task.jaw, whose meaning is open (Q2).
inline constexpr std::string_view task_jaw_words[] = {"upper", "lower", "both"};

// Codes that several entities report.

using lab::json_invalid;
using lab::name_missing;
using lab::nul_replaced;
using lab::unknown_enum;

}  // namespace business
