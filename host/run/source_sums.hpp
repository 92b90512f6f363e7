#pragma once
// What the source's server says of rows before they are read: how many each declared filter leaves
// out, for those never reach the stream, and the sums of the control totals.
#include <cstdint>
#include <string>
#include <vector>

#include "plan/plan.hpp"
#include "run/loaded_part.hpp"

namespace mighost {

/// Throws Error{Exit::failed} when the total `name` does not fit mig::decimal.
mig::decimal exact_sum(const std::string& text, const std::string& name);

struct SourceSums {
  std::vector<std::uint64_t> filtered;  // rows by filter of the entity, the first that they fail
  std::vector<SourceTotal> totals;      // by control total of the plan
};

/// Of the rows of `planned`, which may be one key range. Throws SqlError, and Error{Exit::failed}
/// when a total does not fit mig::decimal.
SourceSums source_sums(Session& source, const PlannedEntity& planned);

}  // namespace mighost
