// Emits text where it has declared an integer, in the row with key 7.
#include "tiny.hpp"

namespace {

mig_status transform(void*, const mig_batch* batch, const mig_host* host, mig_error*) noexcept {
  for (std::uint32_t row = 0; row < batch->rows; ++row) {
    const mig_cell* in = tiny::cells_of(*batch, row);
    mig_cell* out = host->emit(host->host, row);
    if (out == nullptr) return MIG_FAILED;
    out[0] = in[0];
    out[1] = in[1];
    if (in[0].as.i64 == 7) out[0] = in[1];
  }
  return MIG_OK;
}

constexpr mig_entity items = tiny::entity("items", transform);
constexpr const mig_entity* entities[] = {&items};
constexpr mig_plugin plugin = tiny::plugin(entities);

}  // namespace

const mig_plugin* mighost_plugin_v1(void) { return &plugin; }
