#include "run/run.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include "ledger/ledger.hpp"
#include "ledger/mappings.hpp"
#include "report/failpoint.hpp"
#include "report/log.hpp"
#include "run/deferral.hpp"
#include "run/entity_run.hpp"
#include "run/existing_rows.hpp"
#include "run/final_checks.hpp"
#include "run/fingerprint_check.hpp"
#include "run/heartbeat.hpp"
#include "run/held_keys.hpp"
#include "run/late_references.hpp"
#include "run/new_id.hpp"
#include "run/plugin_list.hpp"
#include "run/replay.hpp"
#include "run/start_validators.hpp"
#include "run/step_records.hpp"
#include "run/waived_rows.hpp"
#include "run/watcher.hpp"

namespace mighost {

std::atomic<bool> interrupted{false};

namespace {

class Run {
 public:
  Run(const std::vector<const Plugin*>& plugins, const RunConfig& config, const RunOptions& options,
      Progress& progress)
      : plugins_(plugins),
        config_(config),
        options_(options),
        progress_(progress),
        id_(random_id()),
        // What a replay reads is held back already, and its share says nothing.
        rejects_(options.replay ? nullptr : RejectMeter::of(config)),
        source_(config.source, Session::Role::source, config.load, "mighost " + id_.to_text()),
        target_(config.target, Session::Role::target, config.load, "mighost " + id_.to_text()) {
    report_.run_id = id_.to_text();
    report_.scope = "run";  // a replay, and a dry run, whatever the configuration says
    report_.dry_run = options.dry_run;
    if (options.replay) report_.replay.emplace();
  }

  RunResult execute() {
    const auto started = std::chrono::steady_clock::now();
    Exit exit = Exit::internal;
    {
      const Watcher watcher(cancelled_, {&source_, &target_});
      prepare();
      if (!options_.dry_run) {
        heartbeat_.emplace(config_.target, config_.load, id_, random_id(), 1, progress_);
      }
      exit = attempt();
    }
    if (committed_) failpoint("run.committed");
    report_.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    // Where nobody knows, what the transaction itself wrote is the truth.
    if (!options_.dry_run && !unknown_) ledger_->run_finished(report_, static_cast<int>(exit));
    heartbeat_.reset();
    return {std::move(report_), exit};
  }

 private:
  /// Everything before there is a run to speak of; what goes wrong here is thrown.
  void prepare() {
    try {
      // The lock comes first: a run at work holds locks on tables that the plan would wait for.
      ledger_.emplace(Session(config_.target, Session::Role::control, config_.load,
                              "mighost control " + id_.to_text()));
      ledger_->lock_target();
      // The snapshot begins before the plan is made: what is planned is what is read.
      source_.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      const Selection selection =
          options_.replay ? replay_selection(target_, plugins_, config_, *options_.replay)
                          : options_.selection;
      plan_ = make_plan(plugins_, config_, selection, source_, target_);
      check_sequence_rights(plan_, target_);
      // A dry run leaves no trace: its ledger is made inside the transaction that is rolled back.
      if (options_.dry_run) return;
      ledger_->prepare();
      ledger_->refuse_unfinished();
      ledger_->run_started(identity());
    } catch (const std::exception&) {
      check_interrupted();
      throw;
    }
  }

  Exit attempt() {
    try {
      return move_everything();
    } catch (const Error& error) {
      return fail(interrupted ? Exit::interrupted : error.exit(), error.what());
    } catch (const SqlError& refused) {
      const std::string what = refused.error().connection_lost ? "lost the connection: "
                                                               : "the server refused a statement: ";
      return fail(interrupted ? Exit::interrupted : Exit::failed,
                  what + refused.what() + "\n  next:  nothing was committed");
    }
  }

  RunIdentity identity() const {
    return {id_,
            report_.kind(),
            report_.scope,
            config_.digest,
            config_.source.shown,
            config_.target.shown,
            plugins_json(plugins_)};
  }

  Exit move_everything() {
    target_.execute("BEGIN");
    // What is deferred to COMMIT could not be traced to its row there, and would block building
    // indexes.
    target_.execute("SET CONSTRAINTS ALL IMMEDIATE");
    in_transaction_ = true;
    failpoint("run.started");
    if (options_.dry_run) {
      create_ledger(target_);
      record_run(target_, identity());
    }
    RunContext run{config_, plan_, source_, target_, progress_, id_, cancelled_};
    run.rejects = rejects_.get();
    const bool started = options_.replay ? replay(run) : run_entities(run);
    return started ? conclude(run) : veto();
  }

  /// The same as a run, over the rows of the closure, as often as it grows.
  bool replay(RunContext& run) {
    // Its statements touch few rows each, however the server estimates them: compiling them takes
    // longer than they do.
    for (Session* session : {&source_, &target_}) session->execute("SET LOCAL jit = off");
    Replay replay(run, plan_, *options_.replay);
    if (!replay.nothing_to_do()) {
      do {
        replay.begin_pass();
        if (!run_entities(run)) return false;
      } while (replay.found_more());
      replay.finish(report_);
    }
    replay.describe(report_);
    return true;
  }

  /// False: a validator cannot begin.
  bool run_entities(RunContext& run) {
    report_.entities.clear();
    report_.findings.clear();
    report_.checks.clear();
    learn_keys(run);
    if (!start_validators(run, report_)) return false;
    structure_ = structure_fingerprint(target_, target_oids(plan_));
    for (std::size_t position = 0; position < plan_.entities.size(); ++position) {
      const PlannedEntity& planned = plan_.entities[position];
      log(LogLevel::debug, "started", {{"entity", planned.entity->name}});
      report_.entities.push_back(run_entity(run, planned, position));
      take_over(report_.entities.back());
      failpoint("entity.loaded");
      log_done(report_.entities.back());
      check_interrupted();
    }
    if (rejects_) rejects_->run_ends();
    for (const auto& [entity, notes] : set_late_references(run)) {
      for (EntityReport& report : report_.entities) {
        if (report.name != entity) continue;
        for (const auto& [code, rows] : notes) report.notes[code] += rows;
      }
    }
    return true;
  }

  Exit conclude(RunContext& run) {
    failpoint("run.concluding");
    record_steps(target_, report_);
    check_standing_books(target_, report_);
    const bool compared = check_fingerprints(run, report_);
    check_interrupted();
    const bool holds = final_checks(run, structure_, report_);
    check_interrupted();
    if (!holds) return veto();
    failpoint("run.checked");
    report_.verified = totals_hold(report_) && compared;
    const Exit exit = report_.verified ? Exit::done : Exit::unverified;
    if (options_.dry_run) {
      roll_back();
      report_.status = "dry-run";
      return exit;
    }
    report_.status = report_.verified ? "done" : "unverified";
    record_end(target_, report_, static_cast<int>(exit));
    record_mappings(target_, plan_);
    advance_sequences(run);
    if (!sequences_stand(run, report_)) return veto();
    // Without its control connection the run has lost its lock on the target.
    ledger_->control().query("SELECT 1");
    commit();
    committed_ = true;
    return exit;
  }

  /// Findings of an entity's rows stand with those of the whole run.
  void take_over(EntityReport& entity) {
    std::move(entity.findings.begin(), entity.findings.end(), std::back_inserter(report_.findings));
    std::move(entity.checks.begin(), entity.checks.end(), std::back_inserter(report_.checks));
    entity.findings.clear();
    entity.checks.clear();
  }

  void learn_keys(RunContext& run) {
    for (const Absence& absence : plan_.absences) {
      report_.findings.push_back(
          {"plugins", absence.name, "mighost", "note", absence.sentence, 0, {}});
    }
    for (const Entity* parent : open_books(run)) {
      report_.findings.push_back({"parents",
                                  parent->name,
                                  "mighost",
                                  "note",
                                  parent->name + " is not part of this run, and " + parent->target +
                                      " has no rows: what refers to it cannot be resolved",
                                  0,
                                  {}});
    }
    load_held_keys(run, held_elsewhere(run));
    if (rejects_) load_waived_rows(run);
  }

  /// A run sees for itself what becomes of its own rows; a replay sees only some of them.
  std::vector<std::string> held_elsewhere(const RunContext& run) const {
    std::vector<std::string> entities;
    for (const auto& [name, book] : run.books) {
      const bool outside = std::find(plan_.read_only_parents.begin(), plan_.read_only_parents.end(),
                                     &book->entity()) != plan_.read_only_parents.end();
      if (outside || options_.replay) entities.push_back(name);
    }
    return entities;
  }

  static void log_done(const EntityReport& report) {
    log_info("done", {{"entity", report.name},
                      {"read", std::to_string(report.counts.read)},
                      {"written", std::to_string(report.counts.written)},
                      {"unchanged", std::to_string(report.counts.unchanged)},
                      {"merged", std::to_string(report.counts.merged)},
                      {"filtered", std::to_string(report.counts.filtered)},
                      {"quarantined", std::to_string(report.counts.quarantined)},
                      {"parked", std::to_string(report.counts.parked)}});
  }

  static void check_interrupted() {
    if (interrupted)
      throw Error(Exit::interrupted, "stopped by a signal", {},
                  "nothing was committed; run the same command again");
  }

  /// When the connection dies during COMMIT, the transaction's own number tells what became of it
  /// (PostgreSQL documentation, 9.27 pg_xact_status).
  void commit() {
    const auto transaction = target_.query("SELECT pg_current_xact_id()").value();
    failpoint("run.committing");
    try {
      target_.execute("COMMIT");
      in_transaction_ = false;
    } catch (const SqlError& refused) {
      in_transaction_ = false;
      if (!refused.error().connection_lost) throw;
      if (!was_committed(transaction)) throw;
      log_warn(
          "the connection died during COMMIT; the server says that the transaction was committed");
    }
  }

  /// The old session may be at it still, and the server on its way back: both end soon, or nobody
  /// knows.
  bool was_committed(const std::optional<std::string>& transaction) {
    using namespace std::chrono_literals;
    constexpr int attempts = 50;
    for (int attempt = 0; attempt < attempts && !interrupted; ++attempt) {
      if (attempt > 0) std::this_thread::sleep_for(200ms);
      try {
        Session again(config_.target, Session::Role::control, config_.load,
                      "mighost " + id_.to_text());
        const auto status = again.query("SELECT pg_xact_status($1::xid8)", {transaction}).value();
        if (status == "committed" || status == "aborted") return status == "committed";
      } catch (const std::exception&) {
        log(LogLevel::debug, "the target cannot be asked what became of the COMMIT");
      }
    }
    unknown_ = true;
    throw Error(
        Exit::failed,
        "the connection died during COMMIT, and the server cannot be asked whether it was "
        "done",
        config_.target.shown,
        "see the status of run " + report_.run_id +
            " in mighost.runs when the server is "
            "back: done means committed; running the same command again is right in any case");
  }

  Exit veto() {
    roll_back();
    std::size_t vetoes = 0;
    for (const Finding& finding : report_.findings) vetoes += finding.severity == "veto" ? 1 : 0;
    report_.status = "vetoed";
    report_.error =
        "vetoed by " + std::to_string(vetoes) + " check" + (vetoes == 1 ? "" : "s") +
        "; nothing was committed\n  next:  see the findings, correct the cause, and run again";
    return Exit::vetoed;
  }

  Exit fail(Exit exit, const std::string& why) {
    roll_back();
    if (rejects_ && rejects_->finding()) report_.findings.push_back(*rejects_->finding());
    report_.status = exit == Exit::interrupted ? "interrupted"
                     : exit == Exit::vetoed    ? "vetoed"
                                               : "failed";
    report_.error =
        exit == Exit::interrupted
            ? "stopped by a signal; nothing was committed\n  next:  run the same command again"
            : why;
    return exit;
  }

  void roll_back() noexcept {
    if (!in_transaction_) return;
    in_transaction_ = false;
    try {
      target_.execute("ROLLBACK");
    } catch (const std::exception&) {
      log(LogLevel::debug, "the target is gone; the server rolls back by itself");
    }
  }

  const std::vector<const Plugin*>& plugins_;
  const RunConfig& config_;
  const RunOptions& options_;
  Progress& progress_;
  const mig::uuid id_;
  const std::unique_ptr<RejectMeter> rejects_;
  Session source_, target_;
  Plan plan_;
  std::optional<Ledger> ledger_;
  std::optional<Heartbeat> heartbeat_;
  std::string structure_;  // of the target tables, before
  bool in_transaction_ = false, committed_ = false;
  bool unknown_ = false;  // whether COMMIT was done
  std::atomic<bool> cancelled_{false};
  RunReport report_;
};

}  // namespace

RunResult execute_run(const std::vector<const Plugin*>& plugins, const RunConfig& config,
                      const RunOptions& options, Progress& progress) {
  return Run(plugins, config, options, progress).execute();
}

}  // namespace mighost
