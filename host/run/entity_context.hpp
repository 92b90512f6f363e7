#pragma once
// Everything that the stages of one entity's pipeline share. Set up before the threads start;
// constant while they run, but for what is marked otherwise.
#include <atomic>
#include <string>
#include <vector>

#include "batch/key_book.hpp"
#include "config/memory_shares.hpp"
#include "ledger/fingerprints.hpp"
#include "ledger/records.hpp"
#include "plan/plan.hpp"
#include "run/reject_meter.hpp"
#include "run/replayed_rows.hpp"
#include "run/resolve_trace.hpp"
#include "validate/row_validators.hpp"

namespace mighost {

struct RunContext;

struct EntityContext {
  const PlannedEntity* planned = nullptr;
  KeyBook* own = nullptr;  // changed by the transform stage only, while the pipeline runs
  std::vector<const KeyBook*> parents = {};  // by reference; null: its plugin is not loaded
  std::map<std::string, std::shared_ptr<PluginSettings>> settings = {};  // by family
  RecordEncoder records;
  std::string plugin = {};  // "core 0.9.0"
  const std::atomic<bool>* cancelled = nullptr;
  bool rerun = false;  // the target table is not empty
  /// The ledger records the new key of each row that goes: see ledger/mappings.hpp.
  bool keeps_keys = false;
  RejectMeter* rejects = nullptr;          // null: nothing is counted
  ResolveTrace* trace = nullptr;           // null: nobody asks
  const ReplayedRows* replayed = nullptr;  // null in a run
  /// Of the rows that go; null when none are kept. The transform stage's, while the pipeline runs.
  Fingerprints* fingerprints = nullptr;
  /// Of these, the rows that the server refused, to be stored after the others. The loader's.
  Fingerprints* refused_fingerprints = nullptr;
  ValidatorTerms validator_terms = {};
  MemoryShares memory = {};

  const Entity& entity() const { return *planned->entity; }
  std::size_t source_columns() const { return entity().source_columns.size(); }
  std::size_t totals() const { return planned->totals.size(); }
  /// The control total values stand behind the declared columns of a source row.
  const mig_cell* total_cells(const mig_cell* row) const { return row + source_columns(); }
  std::string key_text(const mig_cell* row) const {
    std::string text;
    append_key_text(row, entity().n_key, text);
    return text;
  }
};

/// For rows of the entity as a first run has them: every record, no rejects counted, no
/// fingerprints. The books of the run are to be open. `own` is changed as rows go.
EntityContext entity_context(RunContext& run, const PlannedEntity& planned, KeyBook& own);

}  // namespace mighost
