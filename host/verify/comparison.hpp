#pragma once
// A target table against the fingerprints of the rows that were brought into it: one scan when all
// is well, a second look at the buckets that differ when it is not.
#include "ledger/fingerprint_groups.hpp"
#include "verify/row_picker.hpp"
#include "verify/verdict.hpp"

namespace mighost {

struct ComparisonOptions {
  std::string this_run;         // the run that asks; empty outside of runs
  bool allow_new_rows = false;  // rows that nobody brought are no mismatch
  std::size_t findings_max = 1000;
  RowPicker* picker = nullptr;  // sees the rows of the first scan
};

/// The session must see one state of the table throughout: inside a run's transaction, or in one
/// of REPEATABLE READ.
Verdict verify_group(Session& target, const FingerprintGroup& group,
                     const ComparisonOptions& options);

/// An entity of which the ledger keeps no fingerprint at all.
Verdict unverified(const Unfingerprinted& entity);

/// "2 rows changed (amount), 1 missing": for people, without keys.
std::string offenders_text(const Verdict& verdict);

}  // namespace mighost
