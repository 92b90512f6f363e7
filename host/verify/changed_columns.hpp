#pragma once
// Which columns of which row differ, told from sums: a bucket knows by how much each column's sum
// is off, and each changed row by how much its own fingerprint is. A row's columns are those whose
// differences add up to its own.
#include <cstdint>
#include <vector>

namespace mighost {

struct ChangedColumns {
  std::vector<std::size_t> columns;  // positions among the sums
  bool certain = true;
};

/// For each of `rows` (differences of fingerprints), given the differences of all columns of the
/// bucket that they are in.
std::vector<ChangedColumns> changed_columns(const std::vector<std::uint64_t>& rows,
                                            const std::vector<std::uint64_t>& columns);

}  // namespace mighost
