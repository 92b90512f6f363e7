#include "ledger/ledger.hpp"

#include <chrono>
#include <thread>
#include <utility>

#include "ledger/workers.hpp"
#include "plan/connection.hpp"
#include "report/error.hpp"
#include "report/log.hpp"
#include "report/next_step.hpp"

namespace mighost {

void create_ledger(Session& session) {
  // IF NOT EXISTS would ask for the right to create schemas even where the schema is there.
  if (!session.query("SELECT to_regnamespace('mighost')").value()) {
    session.execute("CREATE SCHEMA mighost");
  }
  session.execute(ledger_tables_sql);
}

void record_run(Session& session, const RunIdentity& run) {
  session.query(
      "INSERT INTO mighost.runs (run_id, status, kind, scope, config_digest, source, target, "
      "plugins, settings, source_identity, undoes, records_transactions) "
      "VALUES ($1, 'running', $2, $3, $4, $5, $6, $7, $8, $9, $10, true)",
      {run.id.to_text(), run.kind, run.scope, run.config_digest, run.source_shown, run.target_shown,
       run.plugins_json,
       run.settings_json.empty() ? std::nullopt : std::optional(run.settings_json),
       run.source_identity.empty() ? std::nullopt : std::optional(run.source_identity),
       run.undoes.empty() ? std::nullopt : std::optional(run.undoes)});
}

Ledger::Ledger(Session control) : control_(std::move(control)) {}

void Ledger::prepare() {
  if (control_.query("SHOW transaction_read_only").value() == "on") {
    throw Error(
        Exit::preflight, "the target is read-only", control_.endpoint().shown,
        "nothing was touched; connect to the primary, or switch default_transaction_read_only "
        "off for this role and database");
  }
  try {
    const auto found = control_.query("SELECT to_regclass('mighost.version')").value();
    if (!found) {
      control_.execute("BEGIN");
      create_ledger(control_);
      control_.execute("INSERT INTO mighost.version VALUES (" + std::to_string(ledger_version) +
                       ") ON CONFLICT DO NOTHING");
      control_.execute("COMMIT");
      return;
    }
    const auto version = control_.query("SELECT max(version) FROM mighost.version").value();
    if (version && std::stoi(*version) < ledger_version) upgrade();
    if (version && std::stoi(*version) > ledger_version) {
      throw Error(Exit::preflight,
                  "the target's ledger was written by a newer mighost (version " + *version +
                      ", this one knows " + std::to_string(ledger_version) + ")",
                  control_.endpoint().shown + ", schema mighost",
                  "use that mighost or a newer one");
    }
  } catch (const SqlError& refused) {
    throw Error(Exit::preflight, "cannot set up the ledger: " + refused.error().safe_message(),
                control_.endpoint().shown + ", schema mighost",
                "grant the role CREATE on the target database, or have schema mighost created and "
                "owned by it; the target must not be read-only");
  }
}

void Ledger::open_existing() {
  if (!control_.query("SELECT to_regclass('mighost.version')").value()) {
    throw Error(Exit::preflight, "the target has no ledger: no run has written to it",
                control_.endpoint().shown + ", schema mighost",
                "check that [target] is the database that the rows went to; a dry run leaves no "
                "ledger, the first real run makes it");
  }
  prepare();
}

/// The tables' text creates what is missing, columns too; rows stay as they are.
void Ledger::upgrade() {
  control_.execute("BEGIN");
  control_.execute(ledger_tables_sql);
  control_.execute("UPDATE mighost.version SET version = " + std::to_string(ledger_version));
  control_.execute("COMMIT");
  log_info("the ledger was brought up to date", {{"version", std::to_string(ledger_version)}});
}

void Ledger::lock_target() {
  using namespace std::chrono_literals;
  // A transaction pooler would keep the lock for somebody else.
  refuse_unfit(control_);
  // A process that has just ended may have a session for a moment longer.
  constexpr int attempts = 5;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    if (attempt > 0) std::this_thread::sleep_for(100ms);
    const auto taken =
        control_.query(std::string("SELECT pg_try_advisory_lock(") + target_lock_keys + ")")
            .value();
    if (taken == "t") return;
  }
  std::string which = "another run";
  if (control_.query("SELECT to_regclass('mighost.runs')").value()) {
    const auto others = control_.query(
        "SELECT kind, run_id, started_at FROM mighost.runs WHERE status = 'running' "
        "ORDER BY started_at DESC LIMIT 1");
    if (!others.empty()) {
      which = *others.at(0, 0) + " " + *others.at(0, 1) + ", started " + *others.at(0, 2) + ",";
    }
  }
  throw Error(
      Exit::preflight, which + " is at work on this target", control_.endpoint().shown,
      "wait for it to end, or stop it: " + next_command("status", control_.endpoint().file) +
          " tells who works on it and how far it is");
}

void Ledger::share_target() {
  if (shares_) return;
  const auto shared =
      control_.query(std::string("SELECT pg_try_advisory_lock_shared(") + target_lock_keys + ")")
          .value();
  if (shared != "t") {
    throw Error(Exit::preflight, "somebody else is at work on this target",
                control_.endpoint().shown,
                next_command("status", control_.endpoint().file) + " tells who");
  }
  shares_ = true;
  // Of the two kinds a session may hold both; the exclusive one goes.
  control_.query(std::string("SELECT CASE WHEN EXISTS (SELECT FROM pg_locks WHERE locktype = "
                             "'advisory' AND pid = pg_backend_pid() AND mode = 'ExclusiveLock') "
                             "THEN pg_advisory_unlock(") +
                 target_lock_keys + ") END");
}

bool Ledger::last_on_target() {
  shares_ = false;
  control_.query(std::string("SELECT pg_advisory_unlock_shared(") + target_lock_keys + ")");
  return control_.query(std::string("SELECT pg_try_advisory_lock(") + target_lock_keys + ")")
             .value() == "t";
}

void Ledger::refuse_unfinished(const std::string& plugins) {
  const Rows unfinished = control_.query(
      "SELECT DISTINCT r.run_id, r.started_at FROM mighost.loads JOIN mighost.runs r USING "
      "(run_id) LIMIT 1");
  if (unfinished.empty()) return;
  const std::string run = *unfinished.at(0, 0);
  const std::string& file = control_.endpoint().file;
  throw Error(Exit::preflight,
              "run " + run + " has not come to its end; indexes of its tables may be away",
              control_.endpoint().shown,
              next_resume(run, plugins, file) + " goes on with it, " +
                  next_command("rollback " + run, file) + " takes it back");
}

void Ledger::end_the_dead() {
  control_.execute(
      "UPDATE mighost.runs SET status = 'failed', finished_at = clock_timestamp(), exit_code = 3, "
      "error = 'the process, or its connection, ended without a word; nothing was committed' WHERE "
      "status = 'running' "
      "AND NOT EXISTS (SELECT FROM mighost.loads l WHERE l.run_id = runs.run_id)");
  remove_workers_of_ended_runs(control_);
}

void Ledger::run_started(const RunIdentity& run) {
  end_the_dead();
  record_run(control_, run);
  audit(run.id, run.kind + " started", run.plugins_json);
}

bool Ledger::run_finished(const RunReport& report, int exit_code) noexcept {
  const auto id = mig::uuid::parse(report.run_id);
  return id &&
         finished(*id, report.kind(), report.status, exit_code, report.error, report.to_json());
}

bool Ledger::finished(const mig::uuid& id, const std::string& kind, const std::string& status,
                      int exit_code, const std::string& error,
                      const std::string& report_json) noexcept {
  try {
    control_.query(
        "UPDATE mighost.runs SET status = $2, finished_at = clock_timestamp(), exit_code = $3, "
        "error = $4, report = $5 WHERE run_id = $1",
        {id.to_text(), status, std::to_string(exit_code),
         error.empty() ? std::nullopt : std::optional(error), report_json});
    audit(id, kind + " " + status, "{}");
    return true;
  } catch (const std::exception&) {
    log_warn("the run's end could not be written to the ledger", {{"run", id.to_text()}});
    return false;
  }
}

void Ledger::audit(const mig::uuid& run_id, const std::string& event,
                   const std::string& detail_json) {
  control_.query("INSERT INTO mighost.audit (run_id, event, detail) VALUES ($1, $2, $3)",
                 {run_id.to_text(), event, detail_json});
}

}  // namespace mighost
