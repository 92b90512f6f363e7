#pragma once
// One entity from its source rows to its books: prepare the target table, stream, compare what was
// there, restore what was deferred.
#include "run/run_context.hpp"

namespace mighost {

/// Throws Error or SqlError; the run's transaction is then lost.
EntityReport run_entity(RunContext& run, const PlannedEntity& planned, std::size_t position);

}  // namespace mighost
