#pragma once
// Undoing a run: the rows that it brought are removed, references that it set in rows of others are
// taken out again, and the ledger forgets both. What has changed since, or is referred to by rows
// that came later, stops it.
#include <optional>
#include <string>
#include <vector>

#include "config/run_config.hpp"
#include "run/rollback_report.hpp"

namespace mighost {

struct RollbackOptions {
  std::string run;                              // its id, or the beginning of it
  std::vector<std::string> entities, families;  // empty: all of the run
  bool of_many = false;         // of many runs: this one need not have all that is named
  std::optional<int> to_phase;  // what this phase and earlier ones brought stays
  bool keep_changed = false;    // rows that cannot go stay, instead of stopping it
  bool by_value = false;        // what was updated since may go if it holds what the run wrote
  bool dry_run = false;
};

/// One transaction in the target; needs neither the source nor plugins. Throws Error: Exit::usage
/// for a run that is not there, Exit::preflight for one that cannot be undone, Exit::failed.
RollbackReport roll_back(const RunConfig& config, const RollbackOptions& options);

}  // namespace mighost
