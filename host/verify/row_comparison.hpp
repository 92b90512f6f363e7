#pragma once
// Which rows make sums differ: the leaves of the buckets in question, held against the table once
// more. Memory is bounded: as many buckets at a time as fit, each time with a scan of its own.
#include <set>
#include <string>
#include <vector>

#include "ledger/fingerprint_groups.hpp"
#include "verify/verdict.hpp"

namespace mighost {

struct DifferingRows {
  std::vector<RowDifference> findings;  // the first of each kind
  std::uint64_t changed = 0, missing = 0, extra = 0;
  std::uint64_t earlier = 0;  // of all these: not brought by the run that asks
  /// Buckets whose sums differ though every row is as its leaf says.
  std::uint64_t damaged_buckets = 0;
  std::set<std::uint64_t> gone_or_extra;  // key hashes, so that late columns do not tell them again
};

/// `buckets`: those that differ. `known`: rows that the comparison of whole rows has told already,
/// when `part` is a late column.
DifferingRows compare_rows(Session& target, const FingerprintGroup& group, const std::string& part,
                           const std::vector<std::size_t>& buckets, const std::string& this_run,
                           std::size_t findings_max, const std::set<std::uint64_t>& known);

}  // namespace mighost
