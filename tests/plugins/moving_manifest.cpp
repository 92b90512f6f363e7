// Returns another pointer each time.
#include "tiny.hpp"

namespace {
constexpr mig_entity items = tiny::entity("items");
constexpr const mig_entity* entities[] = {&items};
constexpr mig_plugin plugins[] = {tiny::plugin(entities), tiny::plugin(entities)};
}  // namespace

const mig_plugin* mighost_plugin_v1(void) {
  static int calls = 0;
  return &plugins[calls++ % 2];
}
