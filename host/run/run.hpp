#pragma once
// One execution in scope `run`: a snapshot on the source, one transaction on the target, every
// entity in order, everything checked, then COMMIT or nothing. A replay (run/replay.hpp) is the
// same over certain rows.
#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "ledger/standing.hpp"
#include "plan/plan.hpp"
#include "report/error.hpp"
#include "report/progress.hpp"
#include "report/run_report.hpp"

namespace mighost {

/// Which rows a replay drives again; everything that is held back when all are empty.
using ReplayChoice = RowFilter;

struct RunOptions {
  Selection selection;
  bool dry_run = false;
  std::optional<ReplayChoice> replay;  // instead of a run
};

/// Set by the signal handler (first Ctrl-C); the run rolls back and ends with Exit::interrupted.
extern std::atomic<bool> interrupted;

struct RunResult {
  RunReport report;
  Exit exit = Exit::internal;
  bool may_pass = false;      // what it failed for: the same may go well in a moment
  std::string sqlstate = {};  // of that; empty when the server gave none
};

/// Executes the configuration. Failures are in the result (report.error, exit), with the three
/// parts of an Error; only trouble before there is a run (cannot connect, preflight) is thrown as
/// Error.
RunResult execute_run(const std::vector<const Plugin*>& plugins, const RunConfig& config,
                      const RunOptions& options, Progress& progress);

}  // namespace mighost
