#include "run/table_checks.hpp"

#include <algorithm>

#include "report/text.hpp"
#include "validate/column_values.hpp"
#include "validate/legacy_keys.hpp"
#include "validate/references.hpp"
#include "validate/sequences.hpp"

namespace mighost {
namespace {

class TableChecks {
 public:
  TableChecks(const RunContext& run, const RunReport& report, CheckRunner& runner)
      : run_(run),

        runner_(runner),
        keys_shown_(run.config.validation.keys_shown),
        held_(held_references(run.plan, run.target)),
        sequences_(column_sequences(run.plan, run.target)) {
    for (const EntityReport& entity : report.entities) reports_.emplace(entity.name, &entity);
  }

  void look() {
    for (const PlannedEntity& planned : run_.plan.entities) {
      if (reports_.count(planned.entity->name) != 0) look_at(planned);
    }
  }

 private:
  void look_at(const PlannedEntity& planned) {
    const std::string& entity = planned.entity->name;
    const EntityReport& report = *reports_.at(entity);
    const bool whole = report.whole;
    Session& target = run_.target;
    runner_.record("books", entity, Severity::abort, books(report.counts), 0);
    runner_.run("row_counts", entity, Severity::abort, [&] { return row_counts(planned); });
    if (planned.entity->identity == MIG_IDENTITY_NATURAL) return;  // it writes no rows
    if (!planned.entity->references.empty()) {
      runner_.run("references", entity, Severity::abort, [&] {
        return check_references(run_.plan, planned, held_, whole, target, keys_shown_);
      });
    }
    if (!key_columns(*planned.entity).empty()) {
      runner_.run("legacy_keys", entity, Severity::abort,
                  [&] { return check_legacy_keys(run_.plan, planned, target, keys_shown_); });
    }
    look_at_values(planned, report);
    if (std::any_of(sequences_.begin(), sequences_.end(),
                    [&](const ColumnSequence& each) { return each.planned == &planned; })) {
      runner_.run("sequences", entity, Severity::abort,
                  [&] { return check_sequences(sequences_, planned, whole, false, target); });
    }
  }

  void look_at_values(const PlannedEntity& planned, const EntityReport& report) {
    const ValueCounts shared(*planned.entity);
    if (shared.columns().empty()) return;
    const ValueCounts& values = run_.loaded.at(report.name).values;
    const std::string skip = not_comparable(run_.plan, planned, report.whole);
    runner_.run("null_rates", report.name, Severity::warn, [&] {
      if (!skip.empty()) return Looked{.skipped = skip};
      return check_null_rates(values, report.counts.written, counts(planned));
    });
    if (!shared.any_distinct()) return;
    runner_.run("domains", report.name, Severity::warn, [&] {
      if (!skip.empty()) return Looked{.skipped = skip};
      return check_domains(planned, values, report.counts.written, run_.target);
    });
  }

  /// One scan for the checks that count.
  const TableCounts& counts(const PlannedEntity& planned) {
    const auto known = counts_.find(&planned);
    if (known != counts_.end()) return known->second;
    const ValueCounts& values = run_.loaded.at(planned.entity->name).values;
    return counts_.emplace(&planned, count_table(planned, values, run_.target)).first->second;
  }

  static Looked books(const Counts& counts) {
    if (counts.balanced()) return {};
    return {.troubles = {
                {"read " + thousands(counts.read) + ", settled " + thousands(counts.settled())}}};
  }

  /// What the books call written is what the table has more than before, when everything is done:
  /// late references and the triggers of other tables too.
  Looked row_counts(const PlannedEntity& planned) {
    Looked looked;
    looked.troubles = run_.loaded.at(planned.entity->name).source_rows;
    std::uint64_t expected = 0;
    bool first = true;
    for (const PlannedEntity& other : run_.plan.entities) {
      if (other.target.oid != planned.target.oid || reports_.count(other.entity->name) == 0)
        continue;
      if (!other.entity->steps.empty()) {
        looked.skipped = "the SQL steps of " + other.entity->name + " may add or remove rows";
        return looked;
      }
      if (first && &other != &planned) {
        looked.remark = "counted with " + other.entity->name;
        return looked;
      }
      if (first) expected = run_.loaded.at(other.entity->name).rows_before;
      first = false;
      expected += reports_.at(other.entity->name)->counts.written;
    }
    const std::uint64_t rows = counts(planned).rows;
    if (rows != expected) {
      looked.troubles.push_back({planned.target.shown() + " has " + counted(rows, "row", "rows") +
                                     ", the books say " + thousands(expected) +
                                     ": look for triggers that add or remove rows",
                                 rows > expected ? rows - expected : expected - rows});
    }
    return looked;
  }

  const RunContext& run_;
  CheckRunner& runner_;
  const std::uint32_t keys_shown_;
  const std::vector<HeldReference> held_;
  const std::vector<ColumnSequence> sequences_;
  std::map<std::string, const EntityReport*> reports_;
  std::map<const PlannedEntity*, TableCounts> counts_;
};

}  // namespace

void check_tables(const RunContext& run, const RunReport& report, CheckRunner& runner) {
  TableChecks(run, report, runner).look();
}

}  // namespace mighost
