#include "run/rollback_part.hpp"

#include <algorithm>

#include "ledger/fingerprints.hpp"
#include "report/error.hpp"

namespace mighost {
namespace {

void keep(Session& target, RollbackPart& part, const ChangedRows& rows, const StagedRows& staged,
          bool keep_changed) {
  part.report.changed += rows.changed;
  for (const std::string& key : rows.shown) {
    auto& shown = part.report.changed_keys;
    const bool again = std::find(shown.begin(), shown.end(), key) != shown.end();
    if (!again && shown.size() < rollback_keys_shown) shown.push_back(key);
  }
  if (!keep_changed) return;
  if (staged.table != part.staged.table) unstage(target, staged, rows.keys);
  part.report.kept += unstage(target, part.staged, rows.keys);
}

/// A late column of the run's row that the run had left empty and that is set now.
void keep_newly_set(Session& target, RollbackPart& part, const std::string& column,
                    const StagedRows& late, bool keep_changed) {
  const std::string newly_set = " FROM " + part.table.qualified() + " AS t WHERE " +
                                part.staged.same("u", "t") + " AND t." + quote_identifier(column) +
                                " IS NOT NULL AND NOT EXISTS (SELECT FROM " + late.table +
                                " AS l WHERE " + late.same("l", "u") + ")";
  const Rows rows = target.query("SELECT count(*) FROM " + part.staged.table +
                                 " AS u WHERE EXISTS (SELECT" + newly_set + ")");
  const std::uint64_t changed = std::stoull(*rows.value());
  part.report.changed += changed;
  if (changed == 0 || !keep_changed) return;
  part.report.kept += count_rows_of(
      target, "DELETE FROM " + part.staged.table + " AS u WHERE EXISTS (SELECT" + newly_set + ")");
}

}  // namespace

RollbackPart stage_part(const RollbackSessions& sessions, const StepToUndo& step,
                        const std::string& name) {
  const std::string next =
      "nothing was changed; restore the target from a backup, or remove its rows by hand";
  if (!step.target) {
    throw Error(Exit::preflight,
                "the run wrote " + step.written + " rows of " + step.entity +
                    " and kept no fingerprints: nobody can tell its rows from others",
                "run " + sessions.run_id, next);
  }
  RollbackPart part;
  part.report.name = step.entity;
  part.report.target = *step.target;
  const FingerprintSubject subject{step.entity, *step.target, 0, layout_from_json(*step.layout)};
  if (subject.layout.key.empty() || *step.rows_without_key != "0") {
    throw Error(Exit::preflight, "rows of " + step.entity + " have no key to be found by",
                *step.target, next);
  }
  const auto table = read_table(sessions.target, *step.target);
  if (!table) {
    throw Error(Exit::preflight, *step.target + " is not there any more", step.entity, next);
  }
  part.table = *table;
  const auto stage = [&](const std::string& column, RunRows which, const std::string& suffix) {
    return stage_rows_of_run(sessions.target, sessions.ledger, subject, sessions.run_id, column,
                             which, name + suffix);
  };
  part.staged = stage("", RunRows::brought, "");
  part.found = stage("", RunRows::found, "_found");
  for (const FingerprintColumn& column : subject.layout.columns) {
    if (!column.late) continue;
    const std::string suffix = "_late_" + std::to_string(part.late.size());
    part.late.emplace(column.name, stage(column.name, RunRows::brought, suffix));
  }
  return part;
}

void compare_part(Session& target, RollbackPart& part, bool keep_changed) {
  const std::string table = part.table.qualified();
  const auto compared = [&](const StagedRows& staged, const std::string& column) {
    return compare_staged(target, staged, table, column, rollback_keys_shown);
  };
  const ChangedRows brought = compared(part.staged, "");
  part.report.gone = part.staged.rows - std::min(part.staged.rows, brought.there);
  if (brought.there > part.staged.rows) {
    throw Error(Exit::preflight,
                "rows of " + part.report.target + " share a key: those of the run cannot be told",
                part.report.name, "nothing was changed; remove the duplicates first");
  }
  keep(target, part, brought, part.staged, keep_changed);
  keep(target, part, compared(part.found, ""), part.found, keep_changed);
  for (const auto& [column, late] : part.late) {
    keep(target, part, compared(late, column), late, keep_changed);
    keep_newly_set(target, part, column, late, keep_changed);
  }
}

void remember_what_stays(const RollbackSessions& sessions, const RollbackPart& part,
                         const mig::uuid& rollback_id) {
  if (part.report.kept == 0) return;
  FingerprintSubject kept = part.staged.subject;
  const StagedRows all = stage_rows_of_run(sessions.target, sessions.ledger, kept, sessions.run_id,
                                           "", RunRows::brought, "mighost_stay");
  std::string list;
  for (const auto& column : kept.layout.columns) {
    list += (list.empty() ? "t." : ", t.") + quote_identifier(column.name);
  }
  kept.target_oid = part.table.oid;
  const std::string query = "SELECT " + list + " FROM " + part.table.qualified() + " AS t JOIN " +
                            all.table + " AS u ON " + all.same("u", "t");
  const auto keep_rows = [&](const std::string& column) {
    keep_rows_of_query(sessions.target, kept, rollback_id, column, Fingerprints::Kind::before,
                       query);
  };
  keep_rows("");
  for (const FingerprintColumn& column : kept.layout.columns) {
    if (column.late) keep_rows(column.name);
  }
  sessions.target.execute("DROP TABLE " + all.table);
}

}  // namespace mighost
