#pragma once
// The first step of an entity in scope chunk, one transaction: what its table has is counted,
// indexes and constraints are taken away and recorded, and its chunks are put into the queue.
#include "lanes/crew.hpp"

namespace mighost {

/// Inside the transaction that has claimed the entity. `patient`: waits for locks; else SqlError
/// 55P03 when somebody has one. Throws Error, SqlError.
void begin_entity(Crew& crew, RunContext& run, const PlannedEntity& planned, bool patient);

}  // namespace mighost
