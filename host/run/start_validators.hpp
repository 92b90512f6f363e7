#pragma once
// Each validator is begun once before the first row moves: one that cannot begin would veto in the
// end, and better now than hours later.
#include "run/run_context.hpp"

namespace mighost {

/// Also lists the checks that the configuration has switched off. False: a validator is faulty, and
/// the report says which.
bool start_validators(RunContext& run, RunReport& report);

}  // namespace mighost
