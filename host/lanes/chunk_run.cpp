#include "lanes/chunk_run.hpp"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "batch/key_budget.hpp"
#include "lanes/conclusion.hpp"
#include "lanes/lane.hpp"
#include "lanes/lane_count.hpp"
#include "lanes/run_origin.hpp"
#include "ledger/ledger.hpp"
#include "ledger/workers.hpp"
#include "report/failpoint.hpp"
#include "report/log.hpp"
#include "report/text.hpp"
#include "run/deferral.hpp"
#include "run/final_checks.hpp"
#include "run/heartbeat.hpp"
#include "run/new_id.hpp"
#include "run/plugin_list.hpp"
#include "run/start_validators.hpp"
#include "run/unfinished_run.hpp"

namespace mighost {
namespace {

using namespace std::chrono_literals;

class ChunkRun {
 public:
  ChunkRun(const std::vector<const Plugin*>& plugins, const RunConfig& config,
           const ChunkRunOptions& options, Progress& progress)
      : plugins_(plugins),
        config_(config),
        options_(options),
        progress_(progress),
        id_(random_id()),
        worker_(random_id()) {}

  RunResult execute() {
    const auto started = std::chrono::steady_clock::now();
    prepare();
    const MemoryShares memory = memory_shares(config_.load, lanes_);
    key_budget().set_limit(memory.key_bytes);
    Crew crew(config_, plan_, progress_, id_, epoch_, worker_, memory);
    {
      const Heartbeat heartbeat(config_.target, config_.load, id_, worker_,
                                static_cast<int>(lanes_), progress_);
      failpoint("run.started");
      work(crew);
    }
    RunResult result = end(crew);
    result.report.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    if (result.exit == Exit::done || result.exit == Exit::unverified || ours_) {
      ledger_->run_finished(result.report, static_cast<int>(result.exit));
    }
    return result;
  }

 private:
  void prepare() {
    open_ledger();
    const bool found = options_.resume || !options_.join.empty();
    if (found) {
      ledger_->open_existing();
      take_up(
          find_unfinished(ledger_->control(), options_.resume ? options_.resumed : options_.join));
    } else {
      begin();
    }
    snapshot_ = std::make_unique<SourceSnapshot>(config_, worker_application(id_, worker_));
    share_snapshot();
    lanes_ = lane_count(config_, ledger_->control(), *source_);
    source_.reset();
    target_.reset();
    log_info(options_.resume ? "resumed"
             : found         ? "joined"
                             : "begun",
             {{"run", id_.to_text()}, {"lanes", std::to_string(lanes_)}});
  }

  void open_ledger() {
    ledger_.emplace(Session(config_.target, Session::Role::control, config_.load,
                            "mighost control " + id_.to_text()));
    // Whoever joins shares; the others want it for themselves first.
    if (options_.join.empty()) {
      ledger_->lock_target();
    } else {
      ledger_->share_target();
    }
  }

  void plan(const Selection& selection) {
    source_.emplace(config_.source, Session::Role::source, config_.load,
                    "mighost plan " + id_.to_text());
    target_.emplace(config_.target, Session::Role::target, config_.load,
                    "mighost plan " + id_.to_text());
    source_->execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    plan_ = make_plan(plugins_, config_, selection, *source_, *target_);
    check_sequence_rights(plan_, *target_);
    source_identity_ = source_identity(*source_);
    std::atomic<bool> cancelled{false};
    RunContext run{config_, plan_, *source_, *target_, progress_, id_, cancelled};
    RunReport report;
    if (start_validators(run, report)) return;
    const std::string what =
        report.findings.empty() ? "a validator cannot begin" : report.findings.front().message;
    throw Error(Exit::vetoed, what, report.findings.empty() ? "" : report.findings.front().check,
                "nothing was begun; repair it, or switch it off in [validation.checks]");
  }

  void begin() {
    ledger_->prepare();
    ledger_->refuse_unfinished();
    plan(options_.selection);
    Session& control = ledger_->control();
    control.execute("BEGIN");
    ledger_->run_started({id_, "run", config_.scope, config_.digest, config_.source.shown,
                          config_.target.shown, plugins_json(plugins_), settings_json(config_),
                          source_identity_});
    std::vector<std::string> entities;
    for (const PlannedEntity& planned : plan_.entities) entities.push_back(planned.entity->name);
    open_loads(control, id_.to_text(), entities);
    std::string oids = "{";
    for (const std::uint32_t oid : target_oids(plan_)) {
      oids += (oids.size() == 1 ? "" : ",") + std::to_string(oid);
    }
    control.query("UPDATE mighost.runs SET structure = $2, structure_tables = $3 WHERE run_id = $1",
                  {id_.to_text(), structure_fingerprint(*target_, target_oids(plan_)), oids + "}"});
    control.execute("COMMIT");
    ledger_->share_target();
  }

  void take_up(const UnfinishedRun& run) {
    id_ = mig::uuid::parse(run.id).value_or(id_);
    epoch_ = run.epoch;
    // Before the plan, in which a plugin that is missing would be a selection that is wrong.
    refuse_differences(run, run.source_identity);
    plan(of_run());
    refuse_differences(run, source_identity_);
    refuse_other_entities();
    if (options_.resume) return resume();
    if (run.status != "running") {
      throw Error(Exit::usage, "nobody works on run " + run.id + ": " + run.status, "run " + run.id,
                  "mighost resume " + run.id);
    }
    shared_snapshot_ = run.snapshot;
  }

  void refuse_differences(const UnfinishedRun& run, const std::string& source) {
    const auto found = differences(run, plugins_, config_, source);
    if (found.empty() || (options_.resume && options_.accept_changes)) return;
    throw Error(Exit::usage, "the run was begun otherwise: " + joined(found, "and"),
                "run " + run.id,
                options_.resume ? "restore what has changed, or add --accept-changes if the rest "
                                  "is to go on with it"
                                : "join with the same plugins, configuration and source");
  }

  Selection of_run() {
    Selection selection;
    const Rows loads = ledger_->control().query(
        "SELECT entity FROM mighost.loads WHERE run_id = $1 ORDER BY position", {id_.to_text()});
    for (const auto& row : loads.rows) selection.only.push_back(*row[0]);
    return selection;
  }

  /// The order is part of what stands in the ledger.
  void refuse_other_entities() {
    const std::vector<std::string> recorded = of_run().only;
    std::vector<std::string> planned;
    for (const PlannedEntity& one : plan_.entities) planned.push_back(one.entity->name);
    if (planned == recorded) return;
    throw Error(Exit::usage, "the plugins would run other entities, or in another order",
                "run " + id_.to_text(), "use the plugins that the run was begun with");
  }

  /// Nobody holds the target, so whoever worked on the run is dead, or cut off: its sessions end,
  /// and after the epoch is raised nobody commits to it with the earlier one.
  void resume() {
    Session& control = ledger_->control();
    control.execute("BEGIN");
    take_run_over(control, id_.to_text());
    epoch_ = std::stoi(*control
                            .query("UPDATE mighost.runs SET status = 'running', "
                                   "finished_at = NULL, exit_code = NULL, error = NULL, snapshot = "
                                   "NULL WHERE run_id = $1 RETURNING epoch",
                                   {id_.to_text()})
                            .value());
    control.query(
        "UPDATE mighost.loads l SET error = NULL, status = CASE WHEN EXISTS (SELECT FROM "
        "mighost.chunks c WHERE c.run_id = l.run_id AND c.entity = l.entity) THEN 'loading' ELSE "
        "'waiting' END WHERE run_id = $1 AND status = 'stopped'",
        {id_.to_text()});
    control.query("DELETE FROM mighost.workers WHERE run_id = $1", {id_.to_text()});
    ledger_->audit(id_, "run resumed", plugins_json(plugins_));
    control.execute("COMMIT");
    ledger_->share_target();
  }

  /// Who joins sees what the others see, as long as the snapshot is there.
  void share_snapshot() {
    if (!shared_snapshot_.empty()) return snapshot_->adopt(shared_snapshot_);
    std::string label;
    Session first = snapshot_->open(label);
    ledger_->control().query("UPDATE mighost.runs SET snapshot = $2 WHERE run_id = $1",
                             {id_.to_text(), snapshot_->shared()});
  }

  void work(Crew& crew) {
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
  /// is freed.
  void watch_others(Crew& crew, std::vector<std::thread>& threads) {
    std::atomic<bool> ended{false};
    std::thread watching([&] {
      auto next = std::chrono::steady_clock::now();
      while (!ended) {
        std::this_thread::sleep_for(20ms);
        if (std::chrono::steady_clock::now() < next) continue;
        next = std::chrono::steady_clock::now() + config_.chunks.lease / 4;
        end_the_dead(crew);
      }
    });
    for (std::thread& thread : threads) thread.join();
    ended = true;
    watching.join();
  }

  void end_the_dead(const Crew& crew) noexcept {
    try {
      Session session(config_.target, Session::Role::control, config_.load,
                      "mighost lease " + id_.to_text());
      const auto lease = std::chrono::duration_cast<std::chrono::seconds>(config_.chunks.lease);
      for (const SeenWorker& worker : end_lost_workers(session, crew.run_id, lease, worker_)) {
        log_warn("a process is silent and taken for dead; its chunks are free",
                 {{"host", worker.host}, {"process", std::to_string(worker.process)}});
      }
    } catch (const std::exception& failure) {
      log(LogLevel::debug, "the lease could not be looked at", {{"reason", failure.what()}});
    }
  }

  /// What the lanes have left, as the report of this process.
  RunResult end(Crew& crew) {
    reconnect();
    RunResult result;
    RunReport& report = result.report;
    report.run_id = id_.to_text();
    report.scope = config_.scope;
    try {
      Session& control = ledger_->control();
      if (outcome_.report()) report = *outcome_.report();
      const std::string status =
          *control.query("SELECT status FROM mighost.runs WHERE run_id = $1", {id_.to_text()})
               .value();
      const bool over = status == "done" || status == "unverified";
      if (over && !outcome_.report()) {
        report.status = status;
        report.verified = status == "done";
        report_what_is_there(control, crew, report);
        report.findings.push_back({"run",
                                   "",
                                   "mighost",
                                   "note",
                                   "another process has concluded the run; its report has the "
                                   "checks",
                                   0,
                                   {}});
      }
      if (over) result.exit = report.status == "done" ? Exit::done : Exit::unverified;
      read_retries(control, report);
      if (!over) unfinished(crew, result);
    } catch (const std::exception& failure) {
      // The ledger cannot be asked: then nobody knows more than the lanes.
      if (result.exit == Exit::internal) unfinished_unseen(result, failure.what());
    }
    return result;
  }

  void reconnect() noexcept {
    for (int attempt = 0; attempt < 5; ++attempt) {
      try {
        ledger_->control().query("SELECT 1");
        return;
      } catch (const std::exception&) {
      }
      try {
        std::this_thread::sleep_for(200ms * attempt);
        ledger_.emplace(Session(config_.target, Session::Role::control, config_.load,
                                "mighost control " + id_.to_text()));
        ledger_->share_target();
      } catch (const std::exception&) {
      }
    }
  }

  void unfinished(const Crew& crew, RunResult& result) {
    RunReport& report = result.report;
    Session& control = ledger_->control();
    if (report.entities.empty()) report_what_is_there(control, crew, report);
    for (const auto& [entity, state] : load_states(control, id_.to_text())) {
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
    if (!ours_) report.error += "\n  note:  other processes still work on the run";
  }

  void unfinished_unseen(RunResult& result, const std::string& why) {
    log_warn("the ledger could not be asked how the run stands", {{"reason", one_line(why)}});
    decide(result);
  }

  void decide(RunResult& result) const {
    RunReport& report = result.report;
    const std::string next = "\n  next:  " + resume_command();
    if (report.status == "vetoed") {
      result.exit = Exit::vetoed;
      std::size_t vetoes = 0;
      for (const Finding& finding : report.findings) vetoes += finding.severity == "veto" ? 1 : 0;
      report.error = "vetoed by " + counted(vetoes, "check", "checks") +
                     "; the rows are in the target, the run is not concluded\n  next:  mighost "
                     "rollback " +
                     id_.to_text() + " takes them back; or correct the cause, and " +
                     resume_command();
    } else if (outcome_.error()) {
      const Error& error = *outcome_.error();
      result.exit = error.exit();
      report.status = error.exit() == Exit::vetoed ? "vetoed" : "failed";
      if (error.exit() == Exit::preflight) result.exit = Exit::failed;
      report.error = error.message() +
                     (error.where().empty() ? "" : "\n  where: " + error.where()) +
                     "\n  next:  what is committed stays; " +
                     (error.next().empty() ? "" : error.next() + "; then ") + resume_command();
    } else {
      result.exit = Exit::interrupted;
      report.status = "interrupted";
      report.error = "stopped by a signal; finished chunks are committed" + next;
    }
  }

  std::string resume_command() const {
    const std::string folder =
        plugins_.empty() ? "DIR" : plugins_.front()->file.parent_path().string();
    return "mighost resume " + id_.to_text() + " --plugins " + folder + " --config " +
           config_.file.string();
  }

  void read_retries(Session& control, RunReport& report) const {
    const Rows rows = control.query(
        "SELECT coalesce(entity, ''), coalesce(chunk, -1), attempt, coalesce(sqlstate, ''), "
        "message, at FROM mighost.retries WHERE run_id = $1 ORDER BY at",
        {id_.to_text()});
    for (const auto& row : rows.rows) {
      report.retries.push_back(
          {*row[0], std::stoi(*row[1]), std::stoi(*row[2]), *row[3], *row[4], *row[5]});
    }
  }

  const std::vector<const Plugin*>& plugins_;
  const RunConfig& config_;
  const ChunkRunOptions& options_;
  Progress& progress_;
  mig::uuid id_;
  const mig::uuid worker_;
  int epoch_ = 0;
  std::uint32_t lanes_ = 1;
  std::optional<Ledger> ledger_;
  std::optional<Session> source_, target_;  // while the plan is made
  Plan plan_;
  std::string source_identity_, shared_snapshot_;
  std::unique_ptr<SourceSnapshot> snapshot_;
  CrewOutcome outcome_;
  bool ours_ = false;  // nobody else is at work on the run
};

}  // namespace

RunResult execute_chunk_run(const std::vector<const Plugin*>& plugins, const RunConfig& config,
                            const ChunkRunOptions& options, Progress& progress) {
  return ChunkRun(plugins, config, options, progress).execute();
}

}  // namespace mighost
