#pragma once
// Which rows are waived, for the budgets of a run: the books learn it from the ledger before the
// first row is read.
#include "run/run_context.hpp"

namespace mighost {

/// Rows with a waiver of their own; of parents that are not part of the run, also those that wait
/// for such a row.
void load_waived_rows(RunContext& run);

/// The same for one book, within a transaction. `with_what_waits`: rows that wait for such a row
/// too, where they are not read again.
void add_waived_rows(Session& target, KeyBook& book, bool with_what_waits);

}  // namespace mighost
