#pragma once
// The last step of an entity in scope chunk, one transaction: indexes and constraints stand again,
// rows that they refuse are quarantined, and its books are closed.
#include "lanes/crew.hpp"

namespace mighost {

/// Inside the transaction that has claimed the entity, whose chunks are all done. `patient`: as for
/// begin_entity(). Throws Error, SqlError.
void finish_entity(Crew& crew, RunContext& run, const PlannedEntity& planned,
                   const std::string& snapshot, bool patient);

}  // namespace mighost
