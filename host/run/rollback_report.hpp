#pragma once
// What a rollback did, or what stands in its way.
#include <cstdint>
#include <string>
#include <vector>

namespace mighost {

struct RolledBackEntity {
  std::string name, target;
  std::uint64_t removed = 0;
  std::uint64_t unset = 0;    // rows of earlier runs that lost a reference which this one had set
  std::uint64_t changed = 0;  // not as they were brought
  std::uint64_t updated_only = 0;  // of these: updated, and they hold what was brought
  std::uint64_t kept = 0;          // changed, or referred to by rows that stay
  std::uint64_t gone = 0;          // somebody else has deleted them
  std::vector<std::string> changed_keys, gone_keys;  // the first
};

/// Rows that stand in the way: of a table that refers to rows of the run.
struct RollbackObstacle {
  std::string sentence;
  std::uint64_t rows = 0;
  std::vector<std::string> keys;  // the first; primary keys
};

struct RollbackReport {
  std::string rollback_id;  // of the rollback's own record; none when there was nothing to undo
  std::string run_id, kind, started_at;
  std::string status;  // done, dry-run, stopped, nothing
  double seconds = 0;
  std::vector<RolledBackEntity> entities;  // in the order in which they went
  std::vector<RollbackObstacle> obstacles;
  std::vector<std::string> remarks;
  bool whole = true;  // nothing of the run is left
};

/// Field names are stable.
std::string rollback_json(const RollbackReport& report);

}  // namespace mighost
