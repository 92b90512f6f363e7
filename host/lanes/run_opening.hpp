#pragma once
// Beginning, joining or resuming a run that commits before its end (scopes family and chunk): who
// has the target, what the run was begun with, and what of it is there.
#include <set>

#include "ledger/ledger.hpp"
#include "plan/plan.hpp"
#include "report/progress.hpp"

namespace mighost {

struct LongRunOptions {
  Selection selection;  // of a new run
  std::string join;     // a run in progress, or the beginning of its id; empty: none
  bool resume = false;
  std::string resumed;          // which; empty: the one that has not come to its end
  bool accept_changes = false;  // of plugins, configuration or source since it was begun
};

struct OpenedRun {
  mig::uuid id;
  int epoch = 0;
  Plan plan;
  std::set<std::string> finished;  // entities
  std::string snapshot;            // of a joined run: what its processes see
};

/// Takes the target for this process, alone or shared with others of the run, and writes the begun
/// or resumed run into the ledger. `source` is in the transaction whose snapshot the plan is made
/// in. Throws Error.
OpenedRun open_run(const std::vector<const Plugin*>& plugins, const RunConfig& config,
                   const LongRunOptions& options, Ledger& ledger, Session& source, Session& target,
                   Progress& progress);

/// "mighost resume RUN --plugins DIR --config FILE"
std::string resume_command(const mig::uuid& run_id, const std::vector<const Plugin*>& plugins,
                           const RunConfig& config);
/// An error's text in a run whose earlier parts are committed: nothing in it may say that nothing
/// is.
std::string with_resume(const Error& error, const std::string& what_stays,
                        const std::string& command);

}  // namespace mighost
