// Two entities of the same name.
#include "tiny.hpp"

namespace {
constexpr mig_entity items = tiny::entity("items");
constexpr mig_entity again = tiny::entity("items");
constexpr const mig_entity* entities[] = {&items, &again};
constexpr mig_plugin plugin = tiny::plugin(entities);
}  // namespace

const mig_plugin* mighost_plugin_v1(void) { return &plugin; }
