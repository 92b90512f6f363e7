// Rejects the row with key 7 under a code that it has not declared.
#include "tiny.hpp"

namespace {

mig_status transform(void*, const mig_batch* batch, const mig_host* host,
                     mig_error* error) noexcept {
  for (std::uint32_t row = 0; row < batch->rows; ++row) {
    const bool is_seven = tiny::cells_of(*batch, row)[0].as.i64 == 7;
    if (is_seven) {
      mig_issue issue{};
      issue.struct_size = sizeof issue;
      issue.severity = MIG_REJECT;
      issue.row = row;
      issue.code = tiny::str("made_up");
      host->report(host->host, &issue);
      continue;
    }
    if (tiny::pass_on(*batch, *host, row) != MIG_OK) return MIG_FAILED;
  }
  static_cast<void>(error);
  return MIG_OK;
}

constexpr mig_entity items = tiny::entity("items", transform);
constexpr const mig_entity* entities[] = {&items};
constexpr mig_plugin plugin = tiny::plugin(entities);

}  // namespace

const mig_plugin* mighost_plugin_v1(void) { return &plugin; }
