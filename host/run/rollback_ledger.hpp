#pragma once
// Runs as the ledger has them, and forgetting one that has been undone.
#include <mighost/value.hpp>
#include <string>
#include <vector>

#include "pg/session.hpp"

namespace mighost {

struct RunToUndo {
  std::string id, kind, started_at;
  std::string nothing_left;  // why there is nothing to undo; empty when there is something
};

/// By its id or the beginning of it. Throws Error{Exit::usage} when there is none, several, or one
/// that is a rollback itself.
RunToUndo find_run_to_undo(Session& target, const std::string& id);

/// Throws Error{Exit::preflight} when a later run had these entities: it builds on what this one
/// has left, and its books count rows of this one as unchanged.
void refuse_newer_runs(Session& target, const std::string& run_id,
                       const std::vector<std::string>& entities);

/// The ledger as if the run had not had these entities, but for its record and the audit. `whole`:
/// they were all that was left of it.
void forget_run(Session& target, const std::string& run_id,
                const std::vector<std::string>& entities, bool whole, const mig::uuid& rollback_id);

/// The rollback's own record, within its transaction: what is committed says so itself.
void record_end_of_rollback(Session& target, const mig::uuid& rollback_id,
                            const std::string& report_json);

/// Throws Error{Exit::usage} for a name that the run never had, also among others that it had;
/// what was rolled back of it counts too. `run_id` empty: that no run ever had.
void refuse_unknown_names(Session& target, const std::string& run_id,
                          const std::vector<std::string>& entities,
                          const std::vector<std::string>& families);

/// Ids of committed runs that can be undone, newest first; with names of entities or families those
/// that have one of them. Empty too when there is no ledger. Throws as refuse_unknown_names.
std::vector<std::string> runs_to_undo(Session& target, const std::vector<std::string>& entities,
                                      const std::vector<std::string>& families);

}  // namespace mighost
