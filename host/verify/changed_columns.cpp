#include "verify/changed_columns.hpp"

#include <algorithm>
#include <bit>

namespace mighost {
namespace {

constexpr std::size_t columns_tried_max = 16;  // 2^16 sums for a row

std::vector<std::size_t> chosen(const std::vector<std::size_t>& columns, std::uint32_t mask) {
  std::vector<std::size_t> result;
  for (std::size_t index = 0; index < columns.size(); ++index) {
    if ((mask >> index & 1) != 0) result.push_back(columns[index]);
  }
  return result;
}

/// The fewest columns whose differences add up to the row's; 0 when none do.
std::uint32_t smallest_sum(std::uint64_t row, const std::vector<std::uint64_t>& differences) {
  std::uint32_t best = 0;
  const std::uint32_t end = std::uint32_t{1} << differences.size();
  for (std::uint32_t mask = 1; mask < end; ++mask) {
    if (best != 0 && std::popcount(mask) >= std::popcount(best)) continue;
    std::uint64_t sum = 0;
    for (std::size_t index = 0; index < differences.size(); ++index) {
      if ((mask >> index & 1) != 0) sum += differences[index];
    }
    if (sum == row) best = mask;
  }
  return best;
}

}  // namespace

std::vector<ChangedColumns> changed_columns(const std::vector<std::uint64_t>& rows,
                                            const std::vector<std::uint64_t>& columns) {
  std::vector<std::size_t> differing;
  std::vector<std::uint64_t> differences;
  for (std::size_t column = 0; column < columns.size(); ++column) {
    if (columns[column] == 0) continue;
    differing.push_back(column);
    differences.push_back(columns[column]);
  }
  std::vector<ChangedColumns> result(rows.size(), {differing, false});
  if (rows.size() == 1 || differing.size() == 1) {
    for (ChangedColumns& row : result) row.certain = true;
    return result;
  }
  if (differing.empty() || differing.size() > columns_tried_max) return result;
  std::uint32_t left = (std::uint32_t{1} << differing.size()) - 1;
  std::vector<std::size_t> untold;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const std::uint32_t mask = smallest_sum(rows[row], differences);
    if (mask == 0) {
      untold.push_back(row);
      continue;
    }
    result[row] = {chosen(differing, mask), true};
    left &= ~mask;
  }
  // What nobody explains belongs to those that could not be told.
  for (const std::size_t row : untold) {
    const bool certain = untold.size() == 1 || std::popcount(left) == 1;
    result[row] = {chosen(differing, left), certain};
  }
  return result;
}

}  // namespace mighost
