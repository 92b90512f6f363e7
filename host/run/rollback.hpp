#pragma once
// Undoing a run: the rows that it brought are removed, references that it set in rows of others are
// taken out again, and the ledger forgets both. What has changed since, or is referred to by rows
// that came later, stops it.
#include <cstdint>
#include <string>
#include <vector>

#include "config/run_config.hpp"

namespace mighost {

struct RollbackOptions {
  std::string run;                              // its id, or the beginning of it
  std::vector<std::string> entities, families;  // empty: all of the run
  bool keep_changed = false;                    // rows that cannot go stay, instead of stopping it
  bool dry_run = false;
};

struct RolledBackEntity {
  std::string name, target;
  std::uint64_t removed = 0;
  std::uint64_t unset = 0;    // rows of earlier runs that lost a reference which this one had set
  std::uint64_t changed = 0;  // not as they were brought
  std::uint64_t kept = 0;     // changed, or referred to by rows that stay
  std::uint64_t gone = 0;     // somebody else has deleted them
  std::vector<std::string> changed_keys;  // the first
};

/// Rows that stand in the way: of a table that refers to rows of the run.
struct RollbackObstacle {
  std::string sentence;
  std::uint64_t rows = 0;
  std::vector<std::string> keys;  // the first; primary keys
};

struct RollbackReport {
  std::string rollback_id;  // of the rollback's own record
  std::string run_id, kind, started_at;
  std::string status;  // done, dry-run, stopped
  double seconds = 0;
  std::vector<RolledBackEntity> entities;  // in the order in which they went
  std::vector<RollbackObstacle> obstacles;
  std::vector<std::string> remarks;
  bool whole = true;  // nothing of the run is left
};

/// One transaction in the target; needs neither the source nor plugins. Throws Error: Exit::usage
/// for a run that is not there, Exit::preflight for one that cannot be undone, Exit::failed.
RollbackReport roll_back(const RunConfig& config, const RollbackOptions& options);

/// Committed runs that can be undone, newest first: "run_id".
std::vector<std::string> runs_to_roll_back(const RunConfig& config);

std::string rollback_json(const RollbackReport& report);

}  // namespace mighost
