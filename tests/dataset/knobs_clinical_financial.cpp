#include "knob_tables.hpp"

namespace mighost::dataset {

namespace {

using enum KnobKind;

constexpr KnobSpec specs[] = {
    {"projects", size, {700, 7200, 66918, 72155}, 0, "dispatch_project rows"},
    {"plans", size, {350, 3400, 33891, 36700}, 0, "dispatch_plan rows"},
    {"brackets", size, {60, 400, 1720, 1720}, 0, "dispatch_bracket rows"},
    {"states", size, {110, 1050, 5547, 5547}, 0, "dispatch_state rows"},
    {"events", size, {60, 600, 5000, 5500}, 0, "dispatch_event rows"},

    {"plan_number", shape, all(0.003), 3, "plans with number NULL, 0 or negative"},
    {"plan_original", shape, all(0.001), 1, "plans with original NULL"},
    {"state_tie", shape, all(0.01), 2, "states at the very time of the one before"},
    {"state_disorder", shape, all(0.01), 1, "states older than the one with the id before"},
    {"event_no_patient", shape, all(0.35), 2, "events of users who are no patients, or of nobody"},

    {"project_name", dirt, all(0.3), 1, "projects with an empty name"},
    {"project_type", dirt, all(0.0005), 2, "projects with a type NULL or outside the map"},
    {"project_status", dirt, all(0.0003), 2, "projects with a status NULL or outside the map"},
    {"project_creator", dirt, all(0.001), 1, "projects with a NULL creator"},
    {"project_size", dirt, all(0.0003), 1, "projects with a negative size"},
    {"plan_orphan", dirt, all(0.0005), 1, "plans whose instruction does not exist"},
    {"plan_lost_project", dirt, all(0.0003), 1, "plans whose project does not exist"},
    {"plan_name", dirt, all(0.25), 1, "plans with an empty name"},
    {"jaw_reason", dirt, all(0.0002), 1, "jaws with a reason outside the map"},
    {"jaw_teeth", dirt, all(0.001), 3, "jaws with teeth that are not sixteen digits 0 or 1"},
    {"role_unclassified", dirt, all(5), 1, "technicians' roles whose abbreviation says nothing"},
    {"role_stranger", dirt, all(1), 1, "technicians' roles whose user is no technician"},
    {"bracket_name", dirt, all(0.02), 1, "brackets with an empty name"},
    {"state_orphan", dirt, all(0.041), 1, "states whose instruction does not exist"},
    {"state_status", dirt, all(0.001), 2, "states with a code other than 11 and 12"},
    {"event_name", dirt, all(0.002), 1, "events of patients with an empty name"},
    {"event_undated", dirt, all(0.002), 1, "events of patients without a date"},
};

}  // namespace

std::span<const KnobSpec> clinical_financial_knobs() { return specs; }

}  // namespace mighost::dataset
