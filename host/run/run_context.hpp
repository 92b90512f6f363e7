#pragma once
// What the entities of one run share. Owned by execute_run; used by one thread at a time, but for
// the sessions that the pipeline hands to its threads.
#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "batch/key_book.hpp"
#include "config/memory_shares.hpp"
#include "config/run_config.hpp"
#include "pg/session.hpp"
#include "plan/plan.hpp"
#include "report/progress.hpp"
#include "report/run_report.hpp"
#include "run/reject_meter.hpp"
#include "run/replayed_rows.hpp"
#include "run/resolve_trace.hpp"
#include "validate/check_runner.hpp"
#include "validate/value_counts.hpp"

namespace mighost {

/// A control total while the run goes on; the sums become a report line at the end.
struct OpenTotal {
  std::string name;  // "core.orders/order price"
  std::string entity;
  std::string plugin = "mighost";  // who speaks in a finding: a validator's total has its plugin
  mig::decimal unchanged, held;
  mig::decimal source;              // of all source rows, by SQL
  std::string target_sql;           // sum over the target table
  std::string target_before = "0";  // its value before the load
  // What rows that changed since an earlier run are off by; nothing when that cannot be said.
  std::optional<mig::decimal> drift = mig::decimal{};
};

/// Late references of one column, gathered in a temporary table, to be set when every entity is
/// loaded.
struct LatePatch {
  const PlannedEntity* child = nullptr;
  const Reference* reference = nullptr;
  const Entity* parent = nullptr;
  std::string table;  // quoted temporary table (child, parent, child_key, parent_key)
};

/// What the checks before COMMIT compare an entity's table with.
struct LoadedEntity {
  std::uint64_t rows_before = 0;
  ValueCounts values;                // empty when the table had rows before
  std::vector<Trouble> source_rows;  // for row_counts: a source query that is not what it says
};

struct RunContext {
  const RunConfig& config;
  const Plan& plan;
  Session& source;
  Session& target;
  Progress& progress;
  mig::uuid run_id;
  std::atomic<bool>& cancelled;
  std::map<std::string, std::shared_ptr<KeyBook>> books = {};  // by entity
  std::vector<OpenTotal> totals = {};
  std::vector<LatePatch> late = {};
  std::map<std::string, LoadedEntity> loaded = {};  // by entity
  RejectMeter* rejects = nullptr;                   // null: any number of rows may be held back
  ResolveTrace* trace = nullptr;                    // null: nobody asks
  // Of a replay, by entity: what is driven again, the new keys of rows that were healed, the legacy
  // keys of rows that could not be looked at again.
  std::map<std::string, ReplayedRows> replayed = {};
  std::map<std::string, std::set<std::string>> healed = {}, unhealed = {};
  std::set<const Validator*> hung_validators = {};
  /// Entities whose source rows are not as they were when the run read them.
  std::set<std::string> moved_sources = {};
  bool hash_source = false;  // source rows are hashed, to be told from what they are later
  MemoryShares memory = memory_shares(config.load);
};

}  // namespace mighost
