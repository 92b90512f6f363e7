#include "lanes/family_run.hpp"

#include <algorithm>
#include <chrono>

#include "ledger/chunk_queue.hpp"
#include "ledger/transactions.hpp"
#include "ledger/workers.hpp"
#include "plan/families.hpp"
#include "report/failpoint.hpp"
#include "report/log.hpp"
#include "report/text.hpp"
#include "run/commit.hpp"
#include "run/entity_run.hpp"
#include "run/heartbeat.hpp"
#include "run/held_keys.hpp"
#include "run/new_id.hpp"
#include "run/retry.hpp"
#include "run/section.hpp"
#include "run/step_records.hpp"
#include "run/unfinished_run.hpp"
#include "run/watcher.hpp"

namespace mighost {
namespace {

class FamilyRun {
 public:
  FamilyRun(const std::vector<const Plugin*>& plugins, const RunConfig& config,
            const LongRunOptions& options, Progress& progress)
      : plugins_(plugins),
        config_(config),
        options_(options),
        progress_(progress),
        worker_(random_id()),
        rejects_(RejectMeter::of(config)),
        source_(config.source, Session::Role::source, config.load, "mighost " + worker_.to_text()),
        target_(config.target, Session::Role::target, config.load, "mighost " + worker_.to_text()),
        ledger_(Session(config.target, Session::Role::control, config.load,
                        "mighost control " + worker_.to_text())) {}

  RunResult execute() {
    const auto started = std::chrono::steady_clock::now();
    Exit exit = Exit::internal;
    {
      const Watcher watcher(cancelled_, {&source_, &target_});
      source_.begin_snapshot();
      run_ = open_run(plugins_, config_, options_, ledger_, source_, target_, progress_);
      name_sessions();
      report_.run_id = run_.id.to_text();
      report_.scope = config_.scope;
      const Heartbeat heartbeat(config_.target, config_.load, run_.id, worker_, 1, progress_);
      failpoint("run.started");
      exit = attempt();
    }
    report_.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    if (!transaction_.unknown()) ledger_.run_finished(report_, static_cast<int>(exit));
    return {std::move(report_), exit, may_pass_, sqlstate_};
  }

 private:
  void name_sessions() {
    const std::string id = run_.id.to_text();
    const std::string name = "SELECT set_config('application_name', $1, false)";
    source_.query(name, {worker_application(run_.id, worker_)});
    target_.query(name, {worker_application(run_.id, worker_)});
    ledger_.control().query(name, {"mighost control " + id});
  }

  Exit attempt() {
    try {
      return all_families();
    } catch (const Error& error) {
      return fail(error);
    } catch (const SqlError& refused) {
      may_pass_ = refused.error().may_pass() && !transaction_.unknown() && !interrupted;
      sqlstate_ = refused.error().sqlstate;
      return fail({Exit::failed, refused.told(), "", ""});
    }
  }

  Exit all_families() {
    const std::vector<FamilyGroup> groups = family_groups(run_.plan);
    for (EntityReport& entity : recorded_steps(target_, report_.run_id)) {
      if (run_.finished.count(entity.name) != 0) report_.entities.push_back(std::move(entity));
    }
    std::size_t position = 0;
    for (std::size_t at = 0; at < groups.size(); ++at) {
      const FamilyGroup& group = groups[at];
      now_ = joined(group.families);
      const bool last = at + 1 == groups.size();
      const bool there =
          std::all_of(group.entities.begin(), group.entities.end(),
                      [&](const std::string& entity) { return run_.finished.count(entity) != 0; });
      if (there) {
        earlier_.insert(earlier_.end(), group.entities.begin(), group.entities.end());
      } else if (!one_family(group, at == 0, last, position)) {
        return veto();
      } else {
        take_over();
      }
      position += group.entities.size();
      committed_.push_back(now_);
    }
    report_.verified = verified_;
    report_.status = verified_ ? "done" : "unverified";
    failpoint("run.committed");
    return verified_ ? Exit::done : Exit::unverified;
  }

  /// False: vetoed.
  bool one_family(const FamilyGroup& group, bool first, bool last, std::size_t position) {
    const Plan part = part_of_plan(run_.plan, group.entities, first);
    section_ = {};
    section_.run_id = report_.run_id;
    section_.scope = report_.scope;
    transaction_.begin();
    hold_run(target_, {report_.run_id, run_.epoch});
    target_.execute(record_transaction_sql(report_.run_id));
    RunContext run{config_, part, source_, target_, progress_, run_.id, cancelled_};
    run.rejects = rejects_.get();
    Section section(run, section_, false);
    if (!section.load()) return false;
    failpoint("run.concluding");
    if (!section.check(position) || !section.seal()) return false;
    failpoint("run.checked");
    verified_ = verified_ && section_.verified;
    for (const std::string& entity : group.entities) {
      load_finished(target_, report_.run_id, entity);
    }
    if (last) end_run();
    // Without its control connection the run has lost its lock on the target.
    ledger_.control().query("SELECT 1");
    transaction_.commit(config_, report_.run_id);
    log_info("committed", {{"families", now_}});
    return true;
  }

  void end_run() {
    look_for_drift();
    section_.status = verified_ ? "done" : "unverified";
    record_end(target_, section_, static_cast<int>(verified_ ? Exit::done : Exit::unverified));
    forget_queue(target_, report_.run_id);
  }

  /// Families that an earlier process has brought were read in another snapshot: they are driven as
  /// a second run would, and that is taken back.
  void look_for_drift() {
    if (earlier_.empty()) return;
    const Plan part = part_of_plan(run_.plan, earlier_, false);
    target_.execute("SAVEPOINT mighost_drift");
    RunContext run{config_, part, source_, target_, progress_, run_.id, cancelled_};
    open_books(run);
    for (std::size_t position = 0; position < part.entities.size(); ++position) {
      const EntityReport now = run_entity(run, part.entities[position], position);
      const std::uint64_t rows = now.drift + now.counts.written;
      if (rows == 0) continue;
      section_.findings.push_back(
          {"source_drift",
           now.name,
           "mighost",
           "note",
           "since its rows were read: " + counted(now.drift, "row", "rows") + " changed, " +
               counted(now.counts.written, "row", "rows") +
               " appeared; not brought by this run, a later run finds them",
           rows,
           {}});
    }
    target_.execute("ROLLBACK TO SAVEPOINT mighost_drift");
    target_.execute("RELEASE SAVEPOINT mighost_drift");
  }

  void take_over() {
    const auto move = [](auto& from, auto& to) {
      std::move(from.begin(), from.end(), std::back_inserter(to));
    };
    move(section_.entities, report_.entities);
    move(section_.findings, report_.findings);
    move(section_.checks, report_.checks);
    move(section_.control_totals, report_.control_totals);
  }

  std::string what_stays() const {
    return committed_.empty() ? "nothing was committed"
                              : "what is committed stays: " + joined(committed_);
  }

  std::string command() const { return resume_command(run_.id, plugins_, config_); }

  Exit veto() {
    transaction_.roll_back();
    take_over();
    report_.status = "vetoed";
    report_.error = now_ + " vetoed by " + counted(report_.vetoes(), "check", "checks") + "; " +
                    what_stays() + "\n  next:  see the findings, correct the cause, and " +
                    command();
    return Exit::vetoed;
  }

  Exit fail(const Error& error) {
    transaction_.roll_back();
    take_over();
    if (rejects_ && rejects_->finding()) report_.findings.push_back(*rejects_->finding());
    if (interrupted) {
      report_.status = "interrupted";
      report_.error = "stopped by a signal; " + what_stays() + "\n  next:  " + command();
      return Exit::interrupted;
    }
    report_.status = error.exit() == Exit::vetoed ? "vetoed" : "failed";
    report_.error = with_resume(error, what_stays(), command());
    return error.exit() == Exit::preflight ? Exit::failed : error.exit();
  }

  const std::vector<const Plugin*>& plugins_;
  const RunConfig& config_;
  const LongRunOptions& options_;
  Progress& progress_;
  const mig::uuid worker_;
  const std::unique_ptr<RejectMeter> rejects_;
  Session source_, target_;
  Ledger ledger_;
  OpenedRun run_;
  RunReport report_, section_;          // of the run, and of the family in hand
  std::string now_;                     // the family in hand
  std::vector<std::string> committed_;  // families
  std::vector<std::string> earlier_;    // entities that were there when the run was resumed
  std::atomic<bool> cancelled_{false};
  TargetTransaction transaction_{target_};
  bool may_pass_ = false, verified_ = true;
  std::string sqlstate_;
};

}  // namespace

RunResult execute_family_run(const std::vector<const Plugin*>& plugins, const RunConfig& config,
                             const LongRunOptions& options, Progress& progress) {
  RunResult first = FamilyRun(plugins, config, options, progress).execute();
  LongRunOptions again = options;
  again.resume = true;
  again.resumed = first.report.run_id;
  return retried(
      std::move(first), config, "going on with the run",
      [&] { return FamilyRun(plugins, config, again, progress).execute(); },
      [&](const Error& error) {
        return with_resume(error, "what is committed stays",
                           resume_command(*mig::uuid::parse(again.resumed), plugins, config));
      });
}

}  // namespace mighost
