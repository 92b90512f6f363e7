#pragma once
// Declared assertions: SQL that must return no row, run inside the shared transaction before
// COMMIT. All are run and all findings are reported, not just the first.
#include "plan/plan.hpp"
#include "report/run_report.hpp"

namespace mighost {

/// Adds a check for each assertion, and a finding for each that does not hold. One that cannot be
/// run or does not come to its end is faulty and vetoes: what was not checked has not passed.
void run_assertions(const Plan& plan, const ValidationConfig& limits, Session& target,
                    RunReport& report);

}  // namespace mighost
