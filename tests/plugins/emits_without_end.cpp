// Emits rows that are not in the batch, and does not look at the answer.
#include "tiny.hpp"

namespace {

mig_status transform(void*, const mig_batch* batch, const mig_host* host,
                     mig_error* error) noexcept {
  for (std::uint32_t row = 0; row < batch->rows; ++row) {
    const bool is_seven = tiny::cells_of(*batch, row)[0].as.i64 == 7;
    if (tiny::pass_on(*batch, *host, row) != MIG_OK) return MIG_FAILED;
    for (std::uint32_t beyond = 0; is_seven && beyond < 100'000; ++beyond) {
      host->emit(host->host, batch->rows + beyond);
    }
  }
  static_cast<void>(error);
  return MIG_OK;
}

constexpr mig_entity items = tiny::entity("items", transform);
constexpr const mig_entity* entities[] = {&items};
constexpr mig_plugin plugin = tiny::plugin(entities);

}  // namespace

const mig_plugin* mighost_plugin_v1(void) { return &plugin; }
