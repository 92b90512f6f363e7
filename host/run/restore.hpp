#pragma once
// Putting indexes and constraints back after a load. When the server refuses because of rows, those
// rows are found by set-based queries, taken out of the target, quarantined with their source row,
// and the object is tried again.
#include "run/deferral.hpp"
#include "run/entity_context.hpp"
#include "run/run_context.hpp"
#include "run/tally.hpp"

namespace mighost {

/// Restores every object of the plan. Throws Error when an object cannot be restored for a reason
/// that is not a row's.
void restore_objects(RunContext& run, EntityContext& context, const DeferralPlan& plan,
                     Tally& tally);

}  // namespace mighost
