// Was linked without -z defs: what it calls is nowhere.
#include "tiny.hpp"

extern "C" void a_function_that_nobody_defines(void);

namespace {
mig_status transform(void*, const mig_batch*, const mig_host*, mig_error*) noexcept {
  a_function_that_nobody_defines();
  return MIG_OK;
}
constexpr mig_entity items = tiny::entity("items", transform);
constexpr const mig_entity* entities[] = {&items};
constexpr mig_plugin plugin = tiny::plugin(entities);
}  // namespace

const mig_plugin* mighost_plugin_v1(void) { return &plugin; }
