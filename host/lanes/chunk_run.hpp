#pragma once
// A run in scope chunk: begun, joined or resumed. Rows are visible as their chunks commit; the run
// is done when it is concluded. Several processes, on one host or many, may work on one run.
#include "lanes/run_opening.hpp"
#include "run/run.hpp"

namespace mighost {

/// Failures are in the result; only trouble before there is a run to work on is thrown as Error.
RunResult execute_chunk_run(const std::vector<const Plugin*>& plugins, const RunConfig& config,
                            const LongRunOptions& options, Progress& progress);

}  // namespace mighost
