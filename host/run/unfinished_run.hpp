#pragma once
// A run that commits before its end and has not come to it: what rolling it back takes besides its
// rows. Its indexes may be away, its queue and its tables for late references stand in the ledger.
#include <string>
#include <vector>

#include "pg/session.hpp"

namespace mighost {

/// True when the run's queue is still there.
bool is_unfinished(Session& target, const std::string& run_id);

/// Inside a transaction: from now on nobody commits to the run. Sessions of its processes that are
/// left over are ended.
void take_run_over(Session& target, const std::string& run_id);

/// Indexes, constraints and triggers that it has taken away stand again. Throws Error{Exit::failed}
/// when rows that are not the run's stand against it.
void put_back_what_is_away(Session& target, const std::string& run_id);

/// Throws Error{Exit::failed} when indexes, constraints or triggers of the run's tables are not as
/// they were before it; a remark instead when they `may_differ`.
void check_structure_of_run(Session& target, const std::string& run_id, bool may_differ,
                            std::vector<std::string>& remarks);

/// Its queue and its tables go.
void forget_queue(Session& target, const std::string& run_id);

}  // namespace mighost
