#pragma once
// A run in scope chunk: begun, joined or resumed. Rows are visible as their chunks commit; the run
// is done when it is concluded. Several processes, on one host or many, may work on one run.
#include "run/run.hpp"

namespace mighost {

struct ChunkRunOptions {
  Selection selection;  // of a new run
  std::string join;     // a run in progress, or the beginning of its id; empty: none
  bool resume = false;
  std::string resumed;          // which; empty: the one that has not come to its end
  bool accept_changes = false;  // of plugins, configuration or source since it was begun
};

/// Failures are in the result; only trouble before there is a run to work on is thrown as Error.
RunResult execute_chunk_run(const std::vector<const Plugin*>& plugins, const RunConfig& config,
                            const ChunkRunOptions& options, Progress& progress);

}  // namespace mighost
