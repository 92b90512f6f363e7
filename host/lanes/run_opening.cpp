#include "lanes/run_opening.hpp"

#include "lanes/run_origin.hpp"
#include "ledger/chunk_queue.hpp"
#include "plan/connection.hpp"
#include "report/next_step.hpp"
#include "report/text.hpp"
#include "run/final_checks.hpp"
#include "run/new_id.hpp"
#include "run/plugin_list.hpp"
#include "run/start_validators.hpp"
#include "run/structure.hpp"
#include "run/unfinished_run.hpp"

namespace mighost {
namespace {

class RunOpening {
 public:
  RunOpening(const std::vector<const Plugin*>& plugins, const RunConfig& config,
             const LongRunOptions& options, Ledger& ledger, Session& source, Session& target,
             Progress& progress)
      : plugins_(plugins),
        config_(config),
        options_(options),
        ledger_(ledger),
        control_(ledger.control()),
        source_(source),
        target_(target),
        progress_(progress) {
    run_.id = random_id();
  }

  OpenedRun open() {
    source_identity_ = source_identity(source_);
    // Whoever joins shares; the others want it for themselves first.
    if (options_.join.empty()) {
      ledger_.lock_target();
    } else {
      refuse_unfit(control_);
      ledger_.share_target();
    }
    if (!options_.resume && options_.join.empty()) {
      begin();
    } else {
      ledger_.open_existing();
      take_up(find_unfinished(control_, options_.resume ? options_.resumed : options_.join));
    }
    return std::move(run_);
  }

 private:
  void plan(const Selection& selection) {
    run_.plan = make_plan(plugins_, config_, selection, source_, target_);
    check_sequence_rights(run_.plan, target_);
    std::atomic<bool> cancelled{false};
    RunContext context{config_, run_.plan, source_, target_, progress_, run_.id, cancelled};
    RunReport report;
    if (start_validators(context, report)) return;
    const bool named = !report.findings.empty();
    throw Error(Exit::vetoed, named ? report.findings.front().message : "a validator cannot begin",
                named ? report.findings.front().check : "",
                "nothing was begun; repair it, or switch it off in [validation.checks]");
  }

  void begin() {
    ledger_.prepare();
    ledger_.refuse_unfinished(plugin_folder(plugins_));
    plan(options_.selection);
    control_.execute("BEGIN");
    ledger_.run_started({run_.id, "run", config_.scope, config_.digest, config_.source.shown,
                         config_.target.shown, plugins_json(plugins_), settings_json(config_),
                         source_identity_});
    std::vector<std::string> entities;
    for (const PlannedEntity& planned : run_.plan.entities) {
      entities.push_back(planned.entity->name);
    }
    open_loads(control_, run_.id.to_text(), entities);
    std::string oids = "{";
    for (const std::uint32_t oid : target_oids(run_.plan)) {
      oids += (oids.size() == 1 ? "" : ",") + std::to_string(oid);
    }
    control_.query(
        "UPDATE mighost.runs SET structure = $2, structure_tables = $3 WHERE run_id = $1",
        {run_.id.to_text(), structure_of(target_, target_oids(run_.plan)), oids + "}"});
    control_.execute("COMMIT");
    ledger_.share_target();
  }

  void take_up(const UnfinishedRun& found) {
    run_.id = mig::uuid::parse(found.id).value_or(run_.id);
    run_.epoch = found.epoch;
    if (found.scope != config_.scope) {
      throw Error(
          Exit::usage,
          "the run was begun in scope " + found.scope + ", the configuration says " + config_.scope,
          "run " + found.id, "write scope = \"" + found.scope + "\" in [transaction]");
    }
    // Before the plan, in which a plugin that is missing would be a selection that is wrong.
    refuse_changes(found);
    Selection selection;
    selection.only = entities_of_run();
    plan(selection);
    refuse_other_entities();
    if (options_.resume) return resume();
    if (found.status != "running") {
      throw Error(Exit::usage, "nobody works on run " + found.id + ": " + found.status,
                  "run " + found.id, resume_command(run_.id, plugins_, config_));
    }
    run_.snapshot = found.snapshot;
  }

  std::vector<std::string> entities_of_run() {
    std::vector<std::string> entities;
    const Rows loads = control_.query(
        "SELECT entity, status FROM mighost.loads WHERE run_id = $1 ORDER BY position",
        {run_.id.to_text()});
    for (const auto& row : loads.rows) {
      entities.push_back(*row[0]);
      if (*row[1] == "finished") run_.finished.insert(*row[0]);
    }
    return entities;
  }

  void refuse_changes(const UnfinishedRun& found) {
    const auto changes = differences(found, plugins_, config_, source_identity_);
    if (changes.empty() || (options_.resume && options_.accept_changes)) return;
    throw Error(
        Exit::usage, "the run was begun otherwise: " + joined(changes, "and"), "run " + found.id,
        options_.resume ? "restore what has changed, or add --accept-changes if the rest is "
                          "to go on with it"
                        : "join with the same plugins, configuration and source");
  }

  /// The order is part of what stands in the ledger.
  void refuse_other_entities() {
    std::vector<std::string> planned;
    for (const PlannedEntity& one : run_.plan.entities) planned.push_back(one.entity->name);
    if (planned == entities_of_run()) return;
    // It may have come to its end while the plan was made, and has no entities to bring then.
    if (!options_.resume) find_unfinished(control_, options_.join);
    throw Error(Exit::usage, "the plugins would run other entities, or in another order",
                "run " + run_.id.to_text(), "use the plugins that the run was begun with");
  }

  /// Nobody holds the target, so whoever worked on the run is dead, or cut off: its sessions end,
  /// and after the epoch is raised nobody commits to it with the earlier one.
  void resume() {
    control_.execute("BEGIN");
    ledger_.end_the_dead();
    take_run_over(control_, run_.id.to_text());
    run_.epoch =
        std::stoi(*control_
                       .query("UPDATE mighost.runs SET status = 'running', finished_at = "
                              "NULL, exit_code = NULL, error = NULL, snapshot = NULL, plugins = "
                              "$2, settings = $3, source_identity = $4, structure_accepted = "
                              "structure_accepted OR $5 WHERE run_id = $1 RETURNING epoch",
                              {run_.id.to_text(), plugins_json(plugins_), settings_json(config_),
                               source_identity_, options_.accept_changes ? "true" : "false"})
                       .value());
    control_.query(
        "UPDATE mighost.loads l SET error = NULL, status = CASE WHEN EXISTS (SELECT FROM "
        "mighost.chunks c WHERE c.run_id = l.run_id AND c.entity = l.entity) THEN 'loading' ELSE "
        "'waiting' END WHERE run_id = $1 AND status = 'stopped'",
        {run_.id.to_text()});
    control_.query("DELETE FROM mighost.workers WHERE run_id = $1", {run_.id.to_text()});
    ledger_.audit(run_.id, "run resumed", plugins_json(plugins_));
    control_.execute("COMMIT");
    ledger_.share_target();
  }

  const std::vector<const Plugin*>& plugins_;
  const RunConfig& config_;
  const LongRunOptions& options_;
  Ledger& ledger_;
  Session& control_;
  Session &source_, &target_;
  Progress& progress_;
  OpenedRun run_;
  std::string source_identity_;
};

}  // namespace

OpenedRun open_run(const std::vector<const Plugin*>& plugins, const RunConfig& config,
                   const LongRunOptions& options, Ledger& ledger, Session& source, Session& target,
                   Progress& progress) {
  return RunOpening(plugins, config, options, ledger, source, target, progress).open();
}

std::string resume_command(const mig::uuid& run_id, const std::vector<const Plugin*>& plugins,
                           const RunConfig& config) {
  return next_resume(run_id.to_text(), plugin_folder(plugins), config.file.string());
}

std::string with_resume(const Error& error, const std::string& what_stays,
                        const std::string& command) {
  std::string next = error.next();
  for (const std::string untrue : {"nothing was committed; ", "nothing was committed"}) {
    if (next.rfind(untrue, 0) == 0) next.erase(0, untrue.size());
  }
  const std::string same = "run the same command again";
  if (next == same) next.clear();
  return error.message() + (error.where().empty() ? "" : "\n  where: " + error.where()) +
         "\n  next:  " + what_stays + "; " + (next.empty() ? "" : next + "; then ") + command;
}

}  // namespace mighost
