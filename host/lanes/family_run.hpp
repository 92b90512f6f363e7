#pragma once
// A run in scope family: one snapshot of the source, a transaction for each family, committed when
// the family has passed its checks. A run that stopped is resumed with the families that are left.
#include "lanes/run_opening.hpp"
#include "run/run.hpp"

namespace mighost {

/// Failures are in the result; only trouble before there is a run to work on is thrown as Error.
RunResult execute_family_run(const std::vector<const Plugin*>& plugins, const RunConfig& config,
                             const LongRunOptions& options, Progress& progress);

}  // namespace mighost
