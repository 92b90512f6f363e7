// Dies at the row with key 7: by abort(), or by exit() with CRASHES_POLITELY.
#include <cstdlib>

#include "tiny.hpp"

namespace {

mig_status transform(void*, const mig_batch* batch, const mig_host* host, mig_error*) noexcept {
  for (std::uint32_t row = 0; row < batch->rows; ++row) {
    if (tiny::cells_of(*batch, row)[0].as.i64 == 7) {
#ifdef CRASHES_POLITELY
      std::exit(EXIT_SUCCESS);
#else
      std::abort();
#endif
    }
    if (tiny::pass_on(*batch, *host, row) != MIG_OK) return MIG_FAILED;
  }
  return MIG_OK;
}

constexpr mig_entity items = tiny::entity("items", transform);
constexpr const mig_entity* entities[] = {&items};
constexpr mig_plugin plugin = tiny::plugin(entities);

}  // namespace

const mig_plugin* mighost_plugin_v1(void) { return &plugin; }
