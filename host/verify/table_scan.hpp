#pragma once
// One reading of a target table by binary COPY, with the fingerprints of its rows.
#include <functional>
#include <map>
#include <string>

#include "ledger/fingerprint_groups.hpp"
#include "verify/row_picker.hpp"

namespace mighost {

struct TableScan {
  std::map<std::string, Buckets> parts;  // as in FingerprintGroup
  std::uint64_t rows = 0, rows_no_key = 0;
};

/// Sums over the whole table. `picker` (may be null) sees every row that has a key.
TableScan scan_table(Session& target, const FingerprintGroup& group, RowPicker* picker);

/// Why the table cannot be read as the ledger describes it; empty when it can.
std::string unreadable(Session& target, const FingerprintGroup& group);

}  // namespace mighost
