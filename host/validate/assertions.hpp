#pragma once
// Declared assertions: SQL that must return no row, run inside the shared transaction before
// COMMIT. All are run and all findings are reported, not just the first.
#include <vector>

#include "plan/plan.hpp"
#include "report/run_report.hpp"

namespace mighost {

/// A finding per assertion that does not hold or cannot be run; severity "veto" or "note". An
/// assertion that cannot be run vetoes: what could not be checked has not passed.
std::vector<Finding> run_assertions(const Plan& plan, Session& target);

}  // namespace mighost
