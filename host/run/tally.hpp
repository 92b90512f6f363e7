#pragma once
// Counting what became of rows, in one place for both threads that settle rows. Each thread has its
// own tally; they are added when the entity is done.
#include <mighost/abi.h>

#include <mighost/value.hpp>
#include <string>
#include <vector>

#include "report/run_report.hpp"

namespace mighost {

enum class Outcome { written, unchanged, merged, filtered, quarantined, parked };

/// Exact sums of one control total by what became of the rows.
struct TotalSums {
  mig::decimal written, unchanged, held;  // held: quarantined, parked, merged and filtered
};

struct Tally {
  Counts counts;
  CountByCode codes, notes;
  std::uint64_t drift = 0;
  std::uint64_t known = 0;  // see EntityReport
  std::vector<TotalSums> totals;

  explicit Tally(std::size_t total_count = 0) : totals(total_count) {}

  /// One row; `total_cells` are the row's control total values (may be null when there are none).
  void settle(Outcome outcome, const std::string& code, const mig_cell* total_cells);
  /// A row that was counted as written turned out not to be.
  void retract_written(const std::string& code, const mig_cell* total_cells);
  Tally& operator+=(const Tally& other);
};

/// False for NaN, an infinity, or more digits than mig::decimal holds: such a row does not go,
/// because no control total could account for it.
bool can_be_added(const mig_cell& total_cell);
/// SQL that is the expression where it can be added, else NULL.
std::string summable(const std::string& expression);

/// Exact addition; throws Error{Exit::failed} when the sum leaves the range of mig::decimal.
void add_exactly(mig::decimal& sum, const mig::decimal& value);

}  // namespace mighost
