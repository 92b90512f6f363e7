// Was compiled with another minor version of the header.
#include "tiny.hpp"

namespace {
constexpr mig_entity items = tiny::entity("items");
constexpr const mig_entity* entities[] = {&items};
constexpr mig_plugin plugin = [] {
  mig_plugin made = tiny::plugin(entities);
  made.abi_minor = MIG_ABI_MINOR + 1;
  made.min_host_minor = MIG_ABI_MINOR + 1;
  return made;
}();
}  // namespace

const mig_plugin* mighost_plugin_v1(void) { return &plugin; }
