#pragma once
// How many rows may be held back, where several lanes and processes hold them: what has been
// committed is read from the ledger before a chunk begins and before it commits.
#include <memory>

#include "lanes/crew.hpp"

namespace mighost {

/// A meter that knows what other chunks hold back already; null when nothing is limited.
std::unique_ptr<RejectMeter> chunk_meter(Session& target, const Crew& crew,
                                         const PlannedEntity& planned);

/// All rows of the run are read: shares are judged too. Throws Error{Exit::vetoed}.
void judge_run_budget(Session& target, const Crew& crew);

}  // namespace mighost
