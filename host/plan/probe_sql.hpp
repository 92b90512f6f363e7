#pragma once
// The SQL that plugins bring along is prepared before the run, so that a misspelt column in an
// assertion is told now and not after the load.
#include "plan/plan.hpp"

namespace mighost {

/// Filters and totals against the source, totals and assertions (also those of the validators)
/// against the target.
void probe_sql(const PlannedEntity& planned, Session& source, Session& target, Faults& faults,
               std::vector<std::string>& remarks);

}  // namespace mighost
