#pragma once
// What `mighost quarantine` has found, for people and as JSON. Keys and codes only: no value of a
// row.
#include <optional>
#include <string>
#include <vector>

#include "ledger/standing.hpp"
#include "ledger/waivers.hpp"

namespace mighost {

struct QuarantineView {
  bool filtered = false;
  std::vector<HeldByCode> by_code;
  Page<RootCause> causes;
  std::uint64_t alone = 0;  // open rows with a reason of their own that nothing waits for
  Page<HeldRow> rows;       // of a filter
  Page<Waiver> waivers;
  std::string exported_to;  // empty: nowhere
  std::uint64_t exported = 0;
  std::optional<std::uint64_t> waived, withdrawn;  // keys, by this command

  std::uint64_t open() const;
  std::uint64_t waived_rows() const;
};

std::string quarantine_text(const QuarantineView& view, bool color);
/// Field names are stable.
std::string quarantine_json(const QuarantineView& view);

}  // namespace mighost
