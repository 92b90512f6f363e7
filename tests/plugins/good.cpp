// Behaves. Two files of it make a duplicate family.
#include "tiny.hpp"

namespace {
constexpr mig_entity items = tiny::entity("items");
constexpr const mig_entity* entities[] = {&items};
constexpr mig_plugin plugin = tiny::plugin(entities);
}  // namespace

const mig_plugin* mighost_plugin_v1(void) { return &plugin; }
