// Refers to an entity of a family that is not loaded.
#include "references.hpp"

namespace {
constexpr mig_reference to_plans = tiny::reference_to("clinical.plans");
constexpr const mig_reference* item_references[] = {&to_plans};
constexpr mig_entity items = tiny::child("items", item_references);
constexpr const mig_entity* entities[] = {&items};
constexpr mig_plugin plugin = tiny::plugin(entities);
}  // namespace

const mig_plugin* mighost_plugin_v1(void) { return &plugin; }
