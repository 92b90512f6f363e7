#pragma once
// Which rows are waived, for the budgets of a run: the books learn it from the ledger before the
// first row is read.
#include "run/run_context.hpp"

namespace mighost {

/// Rows with a waiver of their own; of parents that are not part of the run, also those that wait
/// for such a row.
void load_waived_rows(RunContext& run);

}  // namespace mighost
