#include "run/run.hpp"

#include <chrono>

#include "ledger/ledger.hpp"
#include "ledger/transactions.hpp"
#include "report/failpoint.hpp"
#include "report/text.hpp"
#include "run/commit.hpp"
#include "run/final_checks.hpp"
#include "run/heartbeat.hpp"
#include "run/new_id.hpp"
#include "run/plugin_list.hpp"
#include "run/replay.hpp"
#include "run/retry.hpp"
#include "run/section.hpp"
#include "run/step_records.hpp"
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
    if (!options_.dry_run && !transaction_.unknown())
      ledger_->run_finished(report_, static_cast<int>(exit));
    heartbeat_.reset();
    return {std::move(report_), exit, may_pass_, sqlstate_};
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
      source_.begin_snapshot();
      const Selection selection =
          options_.replay ? replay_selection(target_, plugins_, config_, *options_.replay)
                          : options_.selection;
      plan_ = make_plan(plugins_, config_, selection, source_, target_);
      check_sequence_rights(plan_, target_);
      // A dry run leaves no trace: its ledger is made inside the transaction that is rolled back.
      if (options_.dry_run) return;
      ledger_->prepare();
      ledger_->refuse_unfinished(plugin_folder(plugins_));
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
      may_pass_ = refused.error().may_pass() && !transaction_.unknown() && !interrupted;
      sqlstate_ = refused.error().sqlstate;
      return fail(interrupted ? Exit::interrupted : Exit::failed,
                  refused.told() + "\n  next:  nothing was committed");
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
    transaction_.begin();
    failpoint("run.started");
    if (options_.dry_run) {
      create_ledger(target_);
      record_run(target_, identity());
    }
    target_.execute(record_transaction_sql(id_.to_text()));
    RunContext run{config_, plan_, source_, target_, progress_, id_, cancelled_};
    run.rejects = rejects_.get();
    Section section(run, report_, options_.replay.has_value());
    const bool started = options_.replay ? replay(run, section) : section.load();
    return started ? conclude(section) : veto();
  }

  /// The same as a run, over the rows of the closure, as often as it grows.
  bool replay(RunContext& run, Section& section) {
    // Its statements touch few rows each, however the server estimates them: compiling them takes
    // longer than they do.
    for (Session* session : {&source_, &target_}) session->execute("SET LOCAL jit = off");
    Replay replay(run, plan_, *options_.replay);
    if (!replay.nothing_to_do()) {
      do {
        replay.begin_pass();
        if (!section.load()) return false;
      } while (replay.found_more());
      replay.finish(report_);
    }
    replay.describe(report_);
    return true;
  }

  Exit conclude(Section& section) {
    failpoint("run.concluding");
    if (!section.check()) return veto();
    failpoint("run.checked");
    const Exit exit = report_.verified ? Exit::done : Exit::unverified;
    if (options_.dry_run) {
      transaction_.roll_back();
      report_.status = "dry-run";
      return exit;
    }
    report_.status = report_.verified ? "done" : "unverified";
    record_end(target_, report_, static_cast<int>(exit));
    if (!section.seal()) return veto();
    // Without its control connection the run has lost its lock on the target.
    ledger_->control().query("SELECT 1");
    transaction_.commit(config_, id_.to_text());
    committed_ = true;
    return exit;
  }

  Exit veto() {
    transaction_.roll_back();
    report_.status = "vetoed";
    report_.error =
        "vetoed by " + counted(report_.vetoes(), "check", "checks") +
        "; nothing was committed\n  next:  see the findings, correct the cause, and run again";
    return Exit::vetoed;
  }

  Exit fail(Exit exit, const std::string& why) {
    transaction_.roll_back();
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
  TargetTransaction transaction_{target_};
  bool committed_ = false, may_pass_ = false;
  std::string sqlstate_;
  std::atomic<bool> cancelled_{false};
  RunReport report_;
};

}  // namespace

RunResult execute_run(const std::vector<const Plugin*>& plugins, const RunConfig& config,
                      const RunOptions& options, Progress& progress) {
  const auto attempt = [&] { return Run(plugins, config, options, progress).execute(); };
  return retried(attempt(), config, "the run is begun again", attempt,
                 [](const Error& error) { return std::string(error.what()); });
}

}  // namespace mighost
