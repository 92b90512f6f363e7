#pragma once
// What must hold before COMMIT: the built-in checks (decision 012), control totals, declared
// assertions, and indexes, constraints and triggers as they were. Everything is looked at; all
// findings are reported.
#include "run/run_context.hpp"

namespace mighost {

/// Adds control totals and findings to the report. True: nothing vetoes.
bool totals_hold(const RunReport& report);

bool final_checks(RunContext& run, const std::string& structure_before, RunReport& report);

/// The target tables of the plan, for structure_fingerprint.
std::vector<std::uint32_t> target_oids(const Plan& plan);

/// Sequences that belong to columns which the run wrote are set past the highest value, so that the
/// next INSERT of the application does not collide. Not transactional in PostgreSQL, so done last,
/// right before COMMIT.
void advance_sequences(RunContext& run);

/// Looks again at the sequences that advance_sequences has set. False: one does not stand past its
/// column, and the report says which.
bool sequences_stand(RunContext& run, RunReport& report);

/// Throws Error{Exit::preflight} when the role may not do that.
void check_sequence_rights(const Plan& plan, Session& target);

}  // namespace mighost
