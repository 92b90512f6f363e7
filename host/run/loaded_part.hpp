#pragma once
// What became of the rows of one entity, or of one key range of it. Parts add up; in scope chunk
// each is written to the ledger in the transaction of its rows.
#include <optional>
#include <string>
#include <vector>

#include "run/tally.hpp"
#include "validate/value_counts.hpp"

namespace mighost {

/// One control total over a part: sums of its source rows by SQL, the server's word against which
/// what the stream saw (TotalSums) is held.
struct SourceTotal {
  mig::decimal source, filtered;
  /// What rows that changed since an earlier run are off by; nothing when that cannot be said.
  std::optional<mig::decimal> drift = mig::decimal{};
};

struct LoadedPart {
  Tally tally;
  std::vector<SourceTotal> totals;  // by control total of the plan, as tally.totals
  ValueCounts values;
  std::vector<std::string> remarks;
  std::vector<Finding> findings;
  std::vector<CheckReport> checks;
  std::uint64_t rejects = 0;  // rows held back that nobody waived, where a budget wants to know
  double seconds = 0;

  /// Throws Error{Exit::failed} when a sum leaves the range of mig::decimal.
  LoadedPart& operator+=(const LoadedPart& other);
};

/// Two findings of one check about the same are one, with the offenders of both.
void add_findings(std::vector<Finding>& to, const std::vector<Finding>& from, std::size_t keys_max);

std::string loaded_part_json(const LoadedPart& part);
/// `entity` tells the columns whose values are counted. Throws Error{Exit::failed} for what is no
/// such record.
LoadedPart loaded_part_from_json(const Entity& entity, const std::string& json);

}  // namespace mighost
