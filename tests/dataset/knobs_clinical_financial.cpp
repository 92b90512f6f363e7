#include "knob_tables.hpp"

namespace mighost::dataset {

namespace {

using enum KnobKind;

constexpr KnobSpec specs[] = {
    {"projects", size, {700, 7200, 66918, 72155}, 0, "dispatch_project rows"},
    {"plans", size, {350, 3400, 33891, 36700}, 0, "dispatch_plan rows"},

    {"plan_number", shape, all(0.003), 3, "plans with number NULL, 0 or negative"},
    {"plan_original", shape, all(0.001), 1, "plans with original NULL"},

    {"project_name", dirt, all(0.3), 1, "projects with an empty name"},
    {"project_type", dirt, all(0.0005), 2, "projects with a type NULL or outside the map"},
    {"project_status", dirt, all(0.0003), 2, "projects with a status NULL or outside the map"},
    {"project_creator", dirt, all(0.001), 1, "projects with a NULL creator"},
    {"project_size", dirt, all(0.0003), 1, "projects with a negative size"},
    {"plan_orphan", dirt, all(0.0005), 1, "plans whose instruction does not exist"},
    {"plan_lost_project", dirt, all(0.0003), 1, "plans whose project does not exist"},
    {"plan_name", dirt, all(0.25), 1, "plans with an empty name"},
};

}  // namespace

std::span<const KnobSpec> clinical_financial_knobs() { return specs; }

}  // namespace mighost::dataset
