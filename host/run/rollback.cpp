#include "run/rollback.hpp"

#include <algorithm>
#include <chrono>

#include "ledger/ledger.hpp"
#include "ledger/transactions.hpp"
#include "report/error.hpp"
#include "report/failpoint.hpp"
#include "report/log.hpp"
#include "report/next_step.hpp"
#include "report/text.hpp"
#include "run/commit.hpp"
#include "run/deferral.hpp"
#include "run/heartbeat.hpp"
#include "run/new_id.hpp"
#include "run/rollback_ledger.hpp"
#include "run/rollback_part.hpp"
#include "run/run.hpp"
#include "run/staged_rows.hpp"
#include "run/structure.hpp"
#include "run/unfinished_run.hpp"
#include "run/unset_references.hpp"
#include "run/watcher.hpp"

namespace mighost {
namespace {

class Rollback {
 public:
  Rollback(const RunConfig& config, const RollbackOptions& options)
      : config_(config),
        options_(options),
        id_(random_id()),
        ledger_(Session(config.target, Session::Role::control, config.load,
                        "mighost control " + id_.to_text())),
        target_(config.target, Session::Role::target, config.load,
                "mighost rollback " + id_.to_text()) {}

  RollbackReport execute() {
    const auto started = std::chrono::steady_clock::now();
    ledger_.lock_target();
    ledger_.open_existing();
    const RunToUndo run = find_run_to_undo(target_, options_.run);
    if (!options_.of_many) {
      refuse_unknown_names(target_, run.id, options_.entities, options_.families);
    }
    report_.run_id = run.id;
    report_.kind = run.kind;
    report_.started_at = run.started_at;
    if (!run.nothing_left.empty()) {
      report_.status = "nothing";
      report_.remarks.push_back(run.nothing_left);
      ledger_.end_the_dead();
      return std::move(report_);
    }
    report_.rollback_id = id_.to_text();
    if (!options_.dry_run) {
      RunIdentity identity{id_, "rollback",           config_.scope, config_.digest,
                           "",  config_.target.shown, "[]"};
      identity.undoes = run.id;
      ledger_.run_started(identity);
      heartbeat_.emplace(config_.target, config_.load, id_, random_id(), 1, progress_);
    }
    const Watcher watcher(cancelled_, {&target_});
    try {
      undo();
    } catch (const Error& error) {
      fail(error);
    } catch (const SqlError& refused) {
      const bool lost = refused.error().connection_lost;
      fail({Exit::failed, refused.error().told(), "run " + report_.run_id,
            lost ? "nothing was changed" : "nothing was changed; the message is the server's"});
    }
    report_.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    finished(report_.status == "stopped" ? "vetoed" : "done",
             report_.status == "stopped" ? Exit::vetoed : Exit::done, "");
    return std::move(report_);
  }

 private:
  [[noreturn]] void fail(const Error& error) {
    // What the transaction itself wrote is the truth.
    if (transaction_.unknown() || committed_) throw error;
    report_.status.clear();
    const Error told = interrupted ? Error(Exit::interrupted, "stopped: nothing was changed",
                                           "run " + report_.run_id)
                                   : error;
    finished(told.exit() == Exit::interrupted ? "interrupted" : "failed", told.exit(), told.what());
    throw told;
  }

  void finished(const std::string& status, Exit exit, const std::string& error) {
    if (options_.dry_run) return;
    ledger_.finished(id_, "rollback", status, static_cast<int>(exit), error,
                     rollback_json(report_));
  }

  void undo() {
    // A table whose triggers wait for COMMIT cannot be altered.
    transaction_.begin();
    unfinished_ = is_unfinished(target_, report_.run_id);
    if (unfinished_) take_over();
    // Rows that are compared now must not change before they are removed.
    choose_entities();
    if (chosen_.empty() && !report_.whole) return nothing_is_later();
    refuse_newer_runs(target_, report_.run_id, chosen_);
    for (RollbackPart& part : parts_) {
      target_.execute("LOCK TABLE " + part.table.qualified() + " IN SHARE ROW EXCLUSIVE MODE");
    }
    const std::string structure = structure_of(target_, oids());
    const RowJudgement how = judgement();
    for (RollbackPart& part : parts_) {
      const auto shown = progress_.start(part.report.name, 0);
      shown->activity = "comparing";
      compare_part(target_, part, how);
    }
    failpoint("rollback.staged");
    if (stopped_by_changes()) return stop();
    keys_ = foreign_keys_to(target_, oids());
    refuse_acting(keys_);
    for (const auto& kept : keys_.kept) report_.remarks.push_back(kept);
    if (options_.keep_changed) keep_what_is_needed();
    target_.execute("SAVEPOINT mighost_rows");
    for (const auto& key : keys_.objects) target_.execute(key.drop);
    take_references_back();
    if (!remove_rows() || !put_keys_back()) return stop();
    failpoint("rollback.removed");
    if (unfinished_) {
      put_back_what_is_away(target_, report_.run_id);
      check_structure_of_run(target_, report_.run_id, options_.keep_changed, report_.remarks);
      forget_queue(target_, report_.run_id);
    } else if (const std::string now = structure_of(target_, oids()); now != structure) {
      throw Error(Exit::internal,
                  "constraints would not be as they were: " + structure_changes(structure, now),
                  "run " + report_.run_id, "nothing was changed; please report it");
    }
    for (const RollbackPart& part : parts_) remember_what_stays(sessions(), part, id_);
    forget_run(target_, report_.run_id, chosen_, report_.whole, id_);
    if (interrupted) throw Error(Exit::interrupted, "stopped", "");
    tell_parts();
    failpoint("rollback.committing");
    report_.status = options_.dry_run ? "dry-run" : "done";
    if (options_.dry_run) return transaction_.roll_back();
    record_end_of_rollback(target_, id_, rollback_json(report_));
    transaction_.commit(config_, id_.to_text());
    committed_ = true;
    failpoint("rollback.committed");
  }

  void nothing_is_later() {
    transaction_.roll_back();
    report_.status = "nothing";
    report_.remarks.push_back("no phase after " + std::to_string(*options_.to_phase) +
                              " of the run is there, or none of what was named");
  }

  /// A run whose indexes are away goes as a whole: they are put back once.
  void take_over() {
    const bool in_part =
        !options_.entities.empty() || !options_.families.empty() || options_.to_phase;
    if (in_part) {
      throw Error(Exit::usage, "the run has not come to its end, and goes as a whole",
                  "run " + report_.run_id,
                  "leave --entity, --family and --to out; or " +
                      next_resume(report_.run_id, "", config_.file.string()));
    }
    take_run_over(target_, report_.run_id);
  }

  void stop() {
    transaction_.roll_back();
    report_.status = "stopped";
    tell_parts();
  }

  void tell_parts() {
    for (RollbackPart& part : parts_) report_.entities.push_back(part.report);
  }

  std::vector<std::uint32_t> oids() const {
    std::vector<std::uint32_t> list;
    for (const RollbackPart& part : parts_) {
      if (std::find(list.begin(), list.end(), part.table.oid) == list.end()) {
        list.push_back(part.table.oid);
      }
    }
    return list;
  }

  bool chosen(const std::string& entity) const {
    if (options_.entities.empty() && options_.families.empty()) return true;
    const auto has = [](const std::vector<std::string>& list, const std::string& name) {
      return std::find(list.begin(), list.end(), name) != list.end();
    };
    return has(options_.entities, entity) ||
           has(options_.families, entity.substr(0, entity.find('.')));
  }

  /// The last entity of the run goes first.
  void choose_entities() {
    const Rows steps = target_.query(
        "SELECT s.entity, s.written, f.target, f.layout, f.rows_no_key, s.phase FROM mighost.steps "
        "s LEFT JOIN LATERAL (SELECT target, layout, sum(rows_no_key) OVER (PARTITION BY part) AS "
        "rows_no_key FROM mighost.fingerprints f WHERE f.run_id = s.run_id AND f.entity = s.entity "
        "AND kind = 'run' ORDER BY part, record LIMIT 1) AS f ON true "
        "WHERE s.run_id = $1 ORDER BY s.position DESC",
        {report_.run_id});
    std::size_t others = 0;
    bool named = false;
    for (const auto& step : steps.rows) {
      const std::string& entity = *step[0];
      named = named || chosen(entity);
      const bool earlier = options_.to_phase && std::stoi(*step[5]) <= *options_.to_phase;
      if (earlier || !chosen(entity)) {
        ++others;
        continue;
      }
      chosen_.push_back(entity);
      if (*step[1] == "0" && !step[2]) continue;
      parts_.push_back(stage_part(sessions(), {entity, *step[1], step[2], step[3], step[4]},
                                  "mighost_undo_" + std::to_string(parts_.size())));
    }
    report_.whole = others == 0;
    // A replay that found nothing to do has none at all.
    if (chosen_.empty() && named && options_.to_phase) return;  // later phases are gone
    if (chosen_.empty() && others > 0) {
      throw Error(Exit::usage, "what is named has been rolled back already", "--entity, --family",
                  "mighost.steps names what is left of the run");
    }
  }

  std::uint64_t count(const std::string& statement) { return count_rows_of(target_, statement); }

  /// Who wrote rows last is asked wherever the ledger can tell.
  RowJudgement judgement() {
    RowJudgement judgement{options_.keep_changed, options_.by_value};
    const bool brought = std::any_of(parts_.begin(), parts_.end(),
                                     [](const RollbackPart& part) { return part.staged.rows > 0; });
    if (judgement.by_value || !brought || records_transactions(target_, report_.run_id)) {
      return judgement;
    }
    judgement.by_value = true;
    report_.remarks.push_back(
        "the ledger does not tell whether rows were updated since (it was restored from a dump, or "
        "the run was begun by an earlier mighost): only columns that the run wrote were compared");
    return judgement;
  }

  static std::string sentence_of_changed(const RolledBackEntity& entity) {
    const bool one = entity.changed == 1;
    const std::string rows = counted(entity.changed, "row", "rows") + " of " + entity.name;
    const std::string since = std::string(" since the run brought ") + (one ? "it" : "them");
    const std::uint64_t updated = entity.updated_only;
    if (updated == entity.changed) {
      return rows + (one ? " has" : " have") + " been updated" + since +
             (one ? ", and holds what it wrote" : ", and hold what it wrote");
    }
    const std::string some =
        updated == 0 ? "" : " (holding what it wrote: " + thousands(updated) + ")";
    return rows + (one ? " has" : " have") + " changed" + since + some;
  }

  bool stopped_by_changes() {
    if (options_.keep_changed) return false;
    for (const RollbackPart& part : parts_) {
      if (part.report.gone > 0) {
        report_.obstacles.push_back({counted(part.report.gone, "row", "rows") + " of " +
                                         part.report.name +
                                         " cannot be found by the key that the run gave: deleted, "
                                         "or given another key",
                                     part.report.gone, part.report.gone_keys});
      }
      if (part.report.changed == 0) continue;
      report_.obstacles.push_back(
          {sentence_of_changed(part.report), part.report.changed, part.report.changed_keys});
    }
    return !report_.obstacles.empty();
  }

  /// What stays keeps what it refers to, until nothing more is needed.
  void keep_what_is_needed() {
    for (bool more = true; more;) {
      more = false;
      for (const DeferredObject& key : keys_.objects) {
        for (RollbackPart& parent : parts_) {
          if (parent.table.qualified() != fully_quoted(target_, key.parent)) continue;
          const std::uint64_t rows = count(
              "DELETE FROM " + parent.staged.table + " AS u USING " + parent.table.qualified() +
              " AS p WHERE " + parent.staged.same("u", "p") + " AND EXISTS (SELECT FROM " +
              key.table + " AS c WHERE " + refers(key) + stays(key) + ")");
          parent.report.kept += rows;
          more = more || rows > 0;
        }
      }
    }
  }

  static std::string refers(const DeferredObject& key) {
    std::string condition;
    for (std::size_t i = 0; i < key.columns.size(); ++i) {
      condition += (i == 0 ? "c." : " AND c.") + key.columns[i] + " = p." + key.parent_columns[i];
    }
    return condition;
  }

  /// The referring row is not one that goes.
  std::string stays(const DeferredObject& key) {
    std::string condition;
    const std::string child = fully_quoted(target_, key.table);
    for (const RollbackPart& part : parts_) {
      if (part.table.qualified() != child) continue;
      condition += " AND NOT EXISTS (SELECT FROM " + part.staged.table + " AS g WHERE " +
                   part.staged.same("g", "c") + ")";
    }
    return condition;
  }

  void take_references_back() {
    target_.execute(record_transaction_sql(id_.to_text()));
    for (RollbackPart& part : parts_) {
      for (const auto& column : healed_columns(target_, report_.run_id, part.report.name)) {
        const auto late = part.late.find(column.name);
        const std::string unset = unset_sql(report_.run_id, part.report.name, part.table, column,
                                            late == part.late.end() ? part.found : late->second);
        if (unset.empty()) continue;
        update_recorded(target_, id_.to_text(), "t",
                        [&](const std::string& who) { part.report.unset += count(unset + who); });
      }
    }
  }

  bool remove_rows() {
    for (RollbackPart& part : parts_) {
      log(LogLevel::debug, "rolling back", {{"entity", part.report.name}});
      const auto shown = progress_.start(part.report.name, 0);
      shown->activity = "removing";
      try {
        part.report.removed =
            count("DELETE FROM " + part.table.qualified() + " AS t USING " + part.staged.table +
                  " AS u WHERE " + part.staged.same("u", "t"));
      } catch (const SqlError& refused) {
        if (refused.error().connection_lost || refused.error().sqlstate.substr(0, 2) != "23") throw;
        report_.obstacles.push_back({"the server does not let rows of " + part.report.name +
                                         " go: " + refused.error().safe_message(),
                                     0,
                                     {}});
        return false;
      }
    }
    return true;
  }

  bool put_keys_back() {
    for (const DeferredObject& key : keys_.objects) {
      target_.execute("SAVEPOINT mighost_key");
      try {
        for (const auto& statement : key.restore) target_.execute(statement);
        target_.execute("RELEASE SAVEPOINT mighost_key");
      } catch (const SqlError& refused) {
        if (refused.error().connection_lost || refused.error().sqlstate != "23503") throw;
        target_.execute("ROLLBACK TO SAVEPOINT mighost_key");
        add_orphans(key);
      }
    }
    return report_.obstacles.empty();
  }

  void add_orphans(const DeferredObject& key) {
    std::string not_null;
    for (const auto& column : key.columns) not_null += " AND c." + column + " IS NOT NULL";
    const std::string from = " FROM " + key.table + " AS c WHERE NOT EXISTS (SELECT FROM " +
                             key.parent + " AS p WHERE " + refers(key) + ")" + not_null;
    RollbackObstacle obstacle;
    obstacle.rows = std::stoull(*target_.query("SELECT count(*)" + from).value());
    const Rows key_columns = target_.query(
        "SELECT quote_ident(a.attname) FROM pg_index i JOIN pg_attribute a ON a.attrelid = "
        "i.indrelid AND a.attnum = ANY (i.indkey) WHERE i.indisprimary AND i.indrelid = "
        "$1::regclass ORDER BY array_position(i.indkey::int2[], a.attnum)",
        {key.table});
    std::string shown;
    for (const auto& column : key_columns.rows) {
      shown += (shown.empty() ? "c." : " || '/' || c.") + *column[0] + "::text";
    }
    if (!shown.empty()) {
      const Rows rows = target_.query("SELECT " + shown + from + " ORDER BY 1 LIMIT " +
                                      std::to_string(rollback_keys_shown));
      for (const auto& row : rows.rows) obstacle.keys.push_back(row[0].value_or("NULL"));
    }
    obstacle.sentence = counted(obstacle.rows, "row", "rows") + " of " + key.table +
                        (obstacle.rows == 1 ? " refers" : " refer") + " to rows of the run (" +
                        mighost::joined(key.columns) + ", foreign key " + key.name +
                        ") and came later or stay";
    report_.obstacles.push_back(std::move(obstacle));
  }

  RollbackSessions sessions() { return {target_, ledger_.control(), report_.run_id}; }

  const RunConfig& config_;
  const RollbackOptions& options_;
  mig::uuid id_;
  Ledger ledger_;
  Session target_;
  TargetTransaction transaction_{target_};
  std::atomic<bool> cancelled_{false};
  RollbackReport report_;
  std::vector<std::string> chosen_;
  std::vector<RollbackPart> parts_;
  ForeignKeysTo keys_;
  Progress progress_{Progress::Style::none};
  bool unfinished_ = false, committed_ = false;
  std::optional<Heartbeat> heartbeat_;
};

}  // namespace

RollbackReport roll_back(const RunConfig& config, const RollbackOptions& options) {
  return Rollback(config, options).execute();
}

}  // namespace mighost
