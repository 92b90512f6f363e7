#pragma once
// The check `fingerprints` at the end of a run: what it wrote is read back and compared with what
// it sent, inside its transaction.
#include "run/run_context.hpp"

namespace mighost {

/// Adds findings to the report. False: something that this run wrote could not be compared.
bool check_fingerprints(RunContext& run, RunReport& report);

}  // namespace mighost
