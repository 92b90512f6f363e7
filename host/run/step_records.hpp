#pragma once
// What the ledger keeps of each entity of a run, written inside its transaction: the books become
// visible with the data or not at all.
#include "pg/session.hpp"
#include "report/run_report.hpp"

namespace mighost {

/// One entity's step; in place of what a chunked run has recorded of it so far.
void record_step(Session& target, const std::string& run_id, const EntityReport& entity,
                 std::size_t position);
/// The steps of the run; `first`: the position of the first entity within it.
void record_steps(Session& target, const RunReport& report, std::size_t first = 0);

/// What the ledger has of the entities of a run, in its order: all that has been committed.
std::vector<EntityReport> recorded_steps(Session& target, const std::string& run_id);

/// Over the latest run of each of these entities and its replays: what the steps say is held back
/// are the records that stand. Adds a veto for each entity where this is not so.
void check_standing_books(Session& target, RunReport& report);

/// The run's status as it will be.
void record_end(Session& target, const RunReport& report, int exit_code);

}  // namespace mighost
