#pragma once
// What a run in scope chunk has taken away from target tables, in the ledger: written in the
// transaction that takes it, so that whoever finishes, resumes or rolls back can put it back.
#include "run/deferral.hpp"

namespace mighost {

void record_deferral(Session& target, const std::string& run_id, const std::string& entity,
                     const DeferralPlan& plan);

/// As it was recorded; empty when nothing was. Throws Error{Exit::failed} for a damaged record.
DeferralPlan recorded_deferral(Session& target, const std::string& run_id,
                               const std::string& entity);

/// Entities of the run with something to put back, the last one first.
std::vector<std::string> deferring_entities(Session& target, const std::string& run_id);

/// It stands again.
void forget_deferral(Session& target, const std::string& run_id, const std::string& entity);

}  // namespace mighost
