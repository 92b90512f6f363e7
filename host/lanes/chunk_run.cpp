#include "lanes/chunk_run.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include "batch/key_budget.hpp"
#include "lanes/conclusion.hpp"
#include "lanes/lane.hpp"
#include "lanes/run_origin.hpp"
#include "ledger/ledger.hpp"
#include "ledger/workers.hpp"
#include "plan/lane_count.hpp"
#include "report/failpoint.hpp"
#include "report/log.hpp"
#include "report/next_step.hpp"
#include "report/text.hpp"
#include "run/heartbeat.hpp"
#include "run/new_id.hpp"
#include "run/retry.hpp"
#include "run/step_records.hpp"

namespace mighost {
namespace {

using namespace std::chrono_literals;

class ChunkRun {
 public:
  ChunkRun(const std::vector<const Plugin*>& plugins, const RunConfig& config,
           const LongRunOptions& options, Progress& progress)
      : plugins_(plugins),
        config_(config),
        options_(options),
        progress_(progress),
        worker_(random_id()) {}

  RunResult execute() {
    const auto started = std::chrono::steady_clock::now();
    begin();
    // From here on there is a run, which somebody may resume.
    try {
      prepare();
      work();
    } catch (const Error& error) {
      outcome_.stopped(error);
    } catch (const SqlError& refused) {
      outcome_.stopped({Exit::failed, refused.told()});
    }
    RunResult result = end();
    result.report.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    if (ours_) ledger_->run_finished(result.report, static_cast<int>(result.exit));
    return result;
  }

 private:
  void begin() {
    ledger_.emplace(Session(config_.target, Session::Role::control, config_.load,
                            "mighost control " + worker_.to_text()));
    Session source(config_.source, Session::Role::source, config_.load, "mighost plan");
    Session target(config_.target, Session::Role::target, config_.load, "mighost plan");
    source.begin_snapshot();
    run_ = open(source, target);
  }

  void prepare() {
    {
      Session source(config_.source, Session::Role::source, config_.load, "mighost plan");
      lanes_ = lane_count(config_, ledger_->control(), source);
    }
    ledger_->control().query("SELECT set_config('application_name', $1, false)",
                             {"mighost control " + run_.id.to_text()});
    snapshot_ = std::make_unique<SourceSnapshot>(config_, worker_application(run_.id, worker_));
    share_snapshot();
    log_info(options_.resume         ? "resumed"
             : options_.join.empty() ? "begun"
                                     : "joined",
             {{"run", run_.id.to_text()}, {"lanes", std::to_string(lanes_)}});
  }

  /// Who joins may find tables locked by lanes at work, which is no reason not to help, or by those
  /// of a process that is dead, whose lease ends it.
  OpenedRun open(Session& source, Session& target) {
    constexpr unsigned attempts_max = 12;
    for (unsigned attempt = 0;; ++attempt) {
      try {
        return open_run(plugins_, config_, options_, *ledger_, source, target, progress_);
      } catch (const TableBusy& busy) {
        if (options_.join.empty() || attempt == attempts_max || interrupted) throw;
        log_info("waiting for lanes that hold a table", {{"where", busy.where()}});
        const auto run = mig::uuid::parse(find_unfinished(ledger_->control(), options_.join).id);
        if (run) end_lost(ledger_->control(), *run);
        target.execute("ROLLBACK");
        source.execute("ROLLBACK");
        source.begin_snapshot();
        pause(pause_before(attempt));
      }
    }
  }

  /// Who joins sees what the others see, as long as the snapshot is there.
  void share_snapshot() {
    if (!run_.snapshot.empty()) return snapshot_->adopt(run_.snapshot);
    // Lanes at work hold the run's row.
    if (!options_.join.empty()) return;
    std::string label;
    Session first = snapshot_->open(label);
    ledger_->control().query("UPDATE mighost.runs SET snapshot = $2 WHERE run_id = $1",
                             {run_.id.to_text(), snapshot_->shared()});
  }

  void work() {
    const MemoryShares memory = memory_shares(config_.load, lanes_);
    key_budget().set_limit(memory.key_bytes);
    Crew crew(config_, run_.plan, progress_, run_.id, run_.epoch, worker_, memory);
    const Heartbeat heartbeat(config_.target, config_.load, run_.id, worker_,
                              static_cast<int>(lanes_), progress_);
    failpoint("run.started");
    ParentBooks books(crew);
    std::vector<std::thread> threads;
    std::vector<std::unique_ptr<Lane>> lanes;
    for (std::uint32_t number = 0; number < lanes_; ++number) {
      lanes.push_back(std::make_unique<Lane>(crew, books, *snapshot_, outcome_));
      threads.emplace_back([lane = lanes.back().get()] { lane->work(); });
    }
    watch_others(crew, threads);
  }

  /// Until the lanes have ended: processes that are silent for a lease are dead, and what they hold
  /// is freed. The lock on the target must not go with the one session that has nothing else to do.
  void watch_others(Crew& crew, std::vector<std::thread>& threads) {
    std::atomic<bool> ended{false};
    std::thread watching([&] {
      auto next = std::chrono::steady_clock::now(), next_look = next;
      while (!ended) {
        std::this_thread::sleep_for(20ms);
        const auto now = std::chrono::steady_clock::now();
        if (now >= next_look) {
          next_look = now + 1s;
          reconnect(2);
        }
        if (now < next) continue;
        next = now + config_.chunks.lease / 4;
        end_the_dead(crew);
      }
    });
    for (std::thread& thread : threads) thread.join();
    ended = true;
    watching.join();
  }

  void end_lost(Session& session, const mig::uuid& run_id) const {
    const auto lease = std::chrono::duration_cast<std::chrono::seconds>(config_.chunks.lease);
    for (const SeenWorker& worker : end_lost_workers(session, run_id, lease, worker_)) {
      log_warn("a process is silent and taken for dead; its chunks are free",
               {{"host", worker.host}, {"process", std::to_string(worker.process)}});
    }
  }

  void end_the_dead(const Crew& crew) noexcept {
    try {
      Session session(config_.target, Session::Role::control, config_.load,
                      "mighost lease " + run_.id.to_text());
      end_lost(session, crew.run_id);
    } catch (const std::exception& failure) {
      log(LogLevel::debug, "the lease could not be looked at", {{"reason", failure.what()}});
    }
  }

  /// What the lanes have left, as the report of this process.
  RunResult end() {
    reconnect(5);
    RunResult result;
    RunReport& report = result.report;
    report.run_id = run_.id.to_text();
    report.scope = config_.scope;
    const bool by_us = outcome_.report() && outcome_.report()->status != "vetoed";
    if (by_us) report = *outcome_.report();
    try {
      Session& control = ledger_->control();
      const std::string status =
          *control.query("SELECT status FROM mighost.runs WHERE run_id = $1", {run_.id.to_text()})
               .value();
      const bool over = status == "done" || status == "unverified";
      if (!over && outcome_.report()) report = *outcome_.report();
      if (over && !by_us) {
        report.status = status;
        report.verified = status == "done";
        report.entities = recorded_steps(control, run_.id.to_text());
        report.findings.push_back({"run",
                                   "",
                                   "mighost",
                                   "note",
                                   "another process has concluded the run; its report has the "
                                   "checks",
                                   0,
                                   {}});
      }
      if (over) result.exit = exit_of(report);
      ours_ = over && by_us;
      read_retries(control, report);
      if (!over) unfinished(result);
    } catch (const std::exception& failure) {
      // The ledger cannot be asked: then nobody knows more than the lanes.
      if (by_us) result.exit = exit_of(report);
      if (result.exit == Exit::internal) unfinished_unseen(result, failure.what());
    }
    return result;
  }

  static Exit exit_of(const RunReport& report) {
    return report.status == "done" ? Exit::done : Exit::unverified;
  }

  /// With the target shared again.
  void reconnect(int attempts) noexcept {
    for (int attempt = 0; attempt < attempts; ++attempt) {
      try {
        ledger_->control().query("SELECT 1");
        ledger_->share_target();
        return;
      } catch (const Error&) {
        continue;  // somebody has it for a moment, to see that we are at work
      } catch (const std::exception&) {
      }
      try {
        std::this_thread::sleep_for(200ms * attempt);
        ledger_.emplace(Session(config_.target, Session::Role::control, config_.load,
                                "mighost control " + run_.id.to_text()));
      } catch (const std::exception&) {
      }
    }
  }

  void unfinished(RunResult& result) {
    RunReport& report = result.report;
    Session& control = ledger_->control();
    if (report.entities.empty()) report.entities = recorded_steps(control, run_.id.to_text());
    for (const auto& [entity, state] : load_states(control, run_.id.to_text())) {
      if (state.status != "stopped") continue;
      report.findings.push_back({"load",
                                 entity,
                                 "mighost",
                                 "veto",
                                 "stopped: " + state.error.substr(0, state.error.find('\n')),
                                 0,
                                 {}});
    }
    decide(result);
    // The last one out says how it ended; before that, others go on.
    ours_ = ledger_->last_on_target();
    if (!ours_) {
      report.error += "\n  note:  other processes still work on the run; --join " +
                      run_.id.to_text() + " helps them again, resume is for when none is left";
    }
    // Who has taken it over, or taken it back, has said it already.
    ours_ = ours_ && control.query(
                                "SELECT status = 'running' AND epoch = $2 FROM mighost.runs WHERE "
                                "run_id = $1",
                                {run_.id.to_text(), std::to_string(run_.epoch)})
                             .value() == "t";
  }

  void unfinished_unseen(RunResult& result, const std::string& why) {
    log_warn("the ledger could not be asked how the run stands", {{"reason", one_line(why)}});
    decide(result);
  }

  void decide(RunResult& result) const {
    RunReport& report = result.report;
    const std::string next = "\n  next:  " + resume_command(run_.id, plugins_, config_);
    if (report.status == "vetoed") {
      result.exit = Exit::vetoed;
      const bool altered = std::any_of(report.findings.begin(), report.findings.end(),
                                       [](const Finding& f) { return f.check == "structure"; });
      report.error =
          "vetoed by " + counted(report.vetoes(), "check", "checks") +
          "; the rows are in the target, the run is not concluded\n  next:  " +
          next_command("rollback " + run_.id.to_text(), config_.file.string()) +
          " takes them back; or correct the cause, and " +
          resume_command(run_.id, plugins_, config_) +
          (altered ? ", with --accept-changes if the tables were altered on purpose" : "");
    } else if (outcome_.error()) {
      const Error& error = *outcome_.error();
      result.exit = error.exit();
      report.status = error.exit() == Exit::vetoed ? "vetoed" : "failed";
      if (error.exit() == Exit::preflight) result.exit = Exit::failed;
      report.error =
          with_resume(error, "what is committed stays", resume_command(run_.id, plugins_, config_));
    } else {
      result.exit = Exit::interrupted;
      report.status = "interrupted";
      report.error = "stopped by a signal; finished chunks are committed" + next;
    }
  }

  void read_retries(Session& control, RunReport& report) const {
    const Rows rows = control.query(
        "SELECT coalesce(entity, ''), coalesce(chunk, -1), attempt, coalesce(sqlstate, ''), "
        "message, at FROM mighost.retries WHERE run_id = $1 ORDER BY at",
        {run_.id.to_text()});
    for (const auto& row : rows.rows) {
      report.retries.push_back(
          {*row[0], std::stoi(*row[1]), std::stoi(*row[2]), *row[3], *row[4], *row[5]});
    }
  }

  const std::vector<const Plugin*>& plugins_;
  const RunConfig& config_;
  const LongRunOptions& options_;
  Progress& progress_;
  OpenedRun run_;
  const mig::uuid worker_;
  std::uint32_t lanes_ = 1;
  std::optional<Ledger> ledger_;
  std::unique_ptr<SourceSnapshot> snapshot_;
  CrewOutcome outcome_;
  bool ours_ = false;  // how it ended is for us to say
};

}  // namespace

RunResult execute_chunk_run(const std::vector<const Plugin*>& plugins, const RunConfig& config,
                            const LongRunOptions& options, Progress& progress) {
  return ChunkRun(plugins, config, options, progress).execute();
}

}  // namespace mighost
