#include "run/rollback_part.hpp"

#include <algorithm>

#include "ledger/fingerprints.hpp"
#include "ledger/transactions.hpp"
#include "report/error.hpp"

namespace mighost {
namespace {

/// Compares the rows of one entity. What has changed comes together in a table of keys, because one
/// row can be found changed in several ways.
class PartComparison {
 public:
  PartComparison(Session& target, RollbackPart& part, RowJudgement judgement)
      : target_(target),
        part_(part),
        judgement_(judgement),
        all_(create_key_table(target_, part.staged, "mighost_all_changed")) {
    target_.execute("ALTER TABLE " + all_ + " ADD COLUMN " + differs + " boolean");
  }

  void execute() {
    const ChangedRows brought =
        compare(part_.staged, "", judgement_.by_value ? Writers::any : Writers::mighost);
    part_.report.gone = part_.staged.rows - std::min(part_.staged.rows, brought.there);
    if (brought.there > part_.staged.rows) {
      throw Error(
          Exit::preflight,
          "rows of " + part_.report.target + " share a key: those of the run cannot be told",
          part_.report.name, "nothing was changed; remove the duplicates first");
    }
    if (part_.report.gone > 0) name_the_gone();
    add(brought, part_.staged);
    if (brought.written > 0) add_written();
    // Rows of others stay in any case: of them only the references count that the run set.
    add(compare(part_.found, "", Writers::any), part_.found);
    for (const auto& [column, late] : part_.late) {
      add(compare(late, column, Writers::any), late);
      add_newly_set(column, late);
    }
    count();
    target_.execute("DROP TABLE " + all_);
  }

 private:
  static constexpr const char* differs = "mighost_differs";

  ChangedRows compare(const StagedRows& staged, const std::string& column, Writers writers) {
    return compare_staged(target_, staged, part_.table.qualified(), column, writers,
                          rollback_keys_shown);
  }

  void add(const ChangedRows& rows, const StagedRows& staged) {
    for (const std::string& key : rows.shown) {
      auto& shown = part_.report.changed_keys;
      const bool again = std::find(shown.begin(), shown.end(), key) != shown.end();
      if (!again && shown.size() < rollback_keys_shown) shown.push_back(key);
    }
    if (rows.keys.empty()) return;
    const std::string changed = create_key_table(target_, staged, "mighost_changed");
    fill_key_table(target_, staged, changed, rows.keys);
    add_rows(changed + " AS u", true);
    if (judgement_.keep_changed && &staged != &part_.staged) unstage(target_, staged, changed);
    target_.execute("DROP TABLE " + changed);
  }

  /// Written like key_text() does.
  void name_the_gone() {
    const StagedRows& staged = part_.staged;
    std::string key;
    for (const std::string& column : staged.key_columns) {
      key += (key.empty() ? "" : " || '/' || ") + std::string("replace(replace(u.") + column +
             R"(::text, E'\\', E'\\\\'), '/', E'\\/'))";
    }
    const Rows rows = target_.query(
        "SELECT " + key + " FROM " + staged.table + " AS u WHERE NOT EXISTS (SELECT FROM " +
        part_.table.qualified() + " AS t WHERE " + staged.same("u", "t") + ") ORDER BY " +
        staged.key_list() + " LIMIT " + std::to_string(rollback_keys_shown));
    for (const auto& row : rows.rows) part_.report.gone_keys.push_back(row[0].value_or("NULL"));
  }

  /// They may be all rows of the table, so the server finds them again by itself.
  void add_written() {
    const StagedRows& staged = part_.staged;
    add_rows(staged.table + " AS u WHERE EXISTS (SELECT FROM " + part_.table.qualified() +
                 " AS t WHERE " + staged.same("u", "t") + " AND NOT " + written_by_mighost("t") +
                 ")",
             false);
  }

  void add_rows(const std::string& from, bool value_differs) {
    const std::string list = part_.staged.key_list();
    target_.execute("INSERT INTO " + all_ + " (" + list + ", " + differs + ") SELECT " + list +
                    ", " + (value_differs ? "true" : "false") + " FROM " + from);
  }

  /// A late column of the run's row that the run had left empty and that is set now.
  void add_newly_set(const std::string& column, const StagedRows& late) {
    const StagedRows& staged = part_.staged;
    add_rows(staged.table + " AS u WHERE EXISTS (SELECT FROM " + part_.table.qualified() +
                 " AS t WHERE " + staged.same("u", "t") + " AND t." + quote_identifier(column) +
                 " IS NOT NULL AND NOT EXISTS (SELECT FROM " + late.table + " AS l WHERE " +
                 late.same("l", "u") + "))",
             true);
  }

  void count() {
    const std::string list = part_.staged.key_list();
    const Rows counts = target_.query(
        std::string("SELECT count(*), count(*) FILTER (WHERE NOT by_value) FROM (SELECT bool_or(") +
        differs + ") AS by_value FROM " + all_ + " GROUP BY " + list + ") AS changed");
    part_.report.changed = std::stoull(*counts.at(0, 0));
    part_.report.updated_only = std::stoull(*counts.at(0, 1));
    if (judgement_.keep_changed && part_.report.changed > 0) {
      part_.report.kept += unstage(target_, part_.staged, all_);
    }
  }

  Session& target_;
  RollbackPart& part_;
  const RowJudgement judgement_;
  const std::string all_;
};

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

void compare_part(Session& target, RollbackPart& part, RowJudgement judgement) {
  PartComparison(target, part, judgement).execute();
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
