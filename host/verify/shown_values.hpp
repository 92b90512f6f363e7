#pragma once
// What the columns of changed rows hold now, for whoever asked to see values.
#include "ledger/fingerprint_groups.hpp"
#include "verify/verdict.hpp"

namespace mighost {

/// Fills `values` of the changed rows among the findings.
void show_values(Session& target, const FingerprintSubject& subject, Verdict& verdict);

}  // namespace mighost
