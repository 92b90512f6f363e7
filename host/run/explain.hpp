#pragma once
// The path of one row through everything, as it would be now and as the ledger has it: read from
// the source by its key, driven through its handler, the validators and the target's constraints in
// a transaction that is rolled back.
#include <optional>
#include <string>
#include <vector>

#include "plan/plan.hpp"
#include "run/resolve_trace.hpp"
#include "verify/row_fingerprint.hpp"

namespace mighost {

struct ExplainedColumn {
  std::string name;
  std::optional<std::string> value;
};

/// A record of the quarantine or a note; `message` may quote values of the row.
struct ExplainedRecord {
  std::string run, started_at;  // empty: what would be now
  std::string outcome;          // "quarantined", "parked", "note"
  std::string plugin, stage, code, column;
  std::string constraint, message, waits_for;  // "core.doctors 4711"
  bool stands = false;                         // it is what holds the row back today
};

struct Explanation {
  std::string entity, key;
  std::vector<std::vector<ExplainedColumn>> source_rows;
  ResolveTrace references;
  std::string outcome;  // of the row as it is now; empty when the source has none
  std::vector<ExplainedRecord> now, on_record;
  std::string root;    // what a held row waits for in the end
  std::string waiver;  // "anna, 2026-11-24 11:05: sold", or of what it waits for
  std::string target;  // the table
  std::string new_key;
  bool in_target = false;
  std::string brought_by;                     // the run
  std::optional<RowFingerprint> fingerprint;  // nothing: none of the entity is kept
  std::vector<std::string> drift;             // sentences about columns that differ
  std::vector<std::string> remarks;

  bool found() const { return !source_rows.empty() || in_target || !on_record.empty(); }
};

/// Throws Error{Exit::usage} for an entity that no loaded plugin has, or a text that can be no key
/// of it.
Explanation explain_row(const std::vector<const Plugin*>& plugins, const RunConfig& config,
                        const std::string& entity, const std::string& key);

}  // namespace mighost
