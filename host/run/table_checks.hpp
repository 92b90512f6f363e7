#pragma once
// The built-in checks that look at one entity and its target table: books, row_counts, references,
// legacy_keys, null_rates, domains, sequences.
#include "run/run_context.hpp"
#include "validate/check_runner.hpp"

namespace mighost {

/// Every check of every entity that ran; what they find stands in the runner's report.
void check_tables(const RunContext& run, const RunReport& report, CheckRunner& runner);

}  // namespace mighost
