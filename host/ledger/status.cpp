#include "ledger/status.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "ledger/ledger.hpp"
#include "ledger/run_lookup.hpp"
#include "report/error.hpp"

namespace mighost {
namespace {

constexpr double lately_s = 10;  // a heartbeat comes every second

void check_ledger(Session& target) {
  const std::string where = target.endpoint().shown + ", schema mighost";
  if (!target.query("SELECT to_regclass('mighost.version')").value()) {
    throw Error(Exit::preflight, "the target has no ledger: no run has written to it", where,
                "check that [target] is the database that the rows go to; a dry run leaves no "
                "ledger, the first real run makes it");
  }
  const auto version = target.query("SELECT max(version) FROM mighost.version").value();
  const int found = version ? std::stoi(*version) : 0;
  if (found == ledger_version) return;
  const std::string versions = " (version " + std::to_string(found) + ", this one reads " +
                               std::to_string(ledger_version) + ")";
  if (found > ledger_version) {
    throw Error(Exit::preflight, "the target's ledger was written by a newer mighost" + versions,
                where, "use that mighost or a newer one");
  }
  throw Error(Exit::preflight, "the target's ledger was written by an older mighost" + versions,
              where,
              "nothing was changed; the next run, replay or rollback of this mighost brings the "
              "ledger up to date, and until then the older one can tell");
}

std::optional<std::uint64_t> known_count(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  return std::stoull(*text);
}

/// The condition may use $1.
std::vector<RunLine> run_lines(Session& target, const std::string& condition,
                               const std::vector<std::optional<std::string>>& parameters) {
  const Rows rows = target.query(
      "SELECT r.run_id, kind, scope, status, to_char(started_at, 'YYYY-MM-DD HH24:MI:SS'), "
      "to_char(finished_at, 'YYYY-MM-DD HH24:MI:SS'), greatest(0, extract(epoch FROM "
      "coalesce(finished_at, clock_timestamp()) - started_at)), (SELECT sum(s.written) FROM "
      "mighost.steps s WHERE s.run_id = r.run_id), exit_code, coalesce(error, ''), "
      "to_jsonb(ARRAY(SELECT DISTINCT e FROM mighost.audit a, "
      "jsonb_array_elements_text(a.detail->'entities') AS e WHERE a.run_id = r.run_id AND "
      "a.event = 'rolled back in part' AND r.status <> 'rolled-back' ORDER BY e)), "
      "coalesce(undoes::text, '') FROM mighost.runs r " +
          condition,
      parameters);
  std::vector<RunLine> lines;
  for (const auto& row : rows.rows) {
    RunLine line{*row[0], *row[1], *row[2], *row[3], *row[4],  row[5],
                 0,       {},      {},      *row[9], *row[11], {}};
    line.seconds = std::stod(*row[6]);
    line.written = known_count(row[7]);
    if (row[8]) line.exit_code = std::stoi(*row[8]);
    line.taken_back = nlohmann::json::parse(*row[10]).get<std::vector<std::string>>();
    lines.push_back(std::move(line));
  }
  return lines;
}

/// The run in progress, or the latest that has left something undone.
std::optional<std::string> run_of_interest(Session& target) {
  return target
      .query(
          "SELECT run_id FROM mighost.runs r WHERE status = 'running' OR status <> 'rolled-back' "
          "AND (EXISTS (SELECT FROM mighost.deferred d WHERE d.run_id = r.run_id) OR EXISTS "
          "(SELECT FROM mighost.loads l WHERE l.run_id = r.run_id)) "
          "ORDER BY status = 'running' DESC, started_at DESC LIMIT 1")
      .value();
}

std::vector<TakenAway> taken_away(Session& target, const std::string& run_id) {
  const Rows rows = target.query(
      "SELECT entity, name FROM mighost.deferred WHERE run_id = $1 ORDER BY entity, position",
      {run_id});
  std::vector<TakenAway> away;
  for (const auto& row : rows.rows) {
    if (away.empty() || away.back().entity != *row[0]) away.push_back({*row[0], {}});
    away.back().names.push_back(*row[1]);
  }
  return away;
}

RunDetail detail_of(Session& target, const std::string& run_id, bool count_written) {
  RunDetail detail;
  detail.run = run_lines(target, "WHERE run_id = $1", {run_id}).at(0);
  if (const auto id = mig::uuid::parse(run_id)) detail.workers = workers_of(target, *id);
  detail.entities = entity_states(target, detail.run, detail.workers, count_written);
  if (!detail.run.written) {
    for (const EntityStatus& entity : detail.entities) {
      if (entity.written) detail.run.written = detail.run.written.value_or(0) + *entity.written;
    }
  }
  detail.away = taken_away(target, run_id);
  detail.retries =
      known_count(
          target.query("SELECT count(*) FROM mighost.retries WHERE run_id = $1", {run_id}).value())
          .value_or(0);
  return detail;
}

TargetStatus look_at_target(Session& target, const StatusQuestion& question) {
  TargetStatus status;
  status.config_file = target.endpoint().file;
  const Rows server = target.query(
      "SELECT to_char(clock_timestamp(), 'YYYY-MM-DD HH24:MI:SS'), pg_is_in_recovery(), "
      "(SELECT count(*) FROM mighost.runs)");
  status.at = *server.at(0, 0);
  status.standby = server.at(0, 1) == "t";
  status.runs = run_lines(
      target, "ORDER BY started_at DESC LIMIT " + std::to_string(question.runs_shown), {});
  status.more_runs = known_count(server.at(0, 2)).value_or(0) - status.runs.size();
  status.lock_holders = lock_holders(target);
  status.waiting = waiting_sessions(target);
  const auto run =
      question.run ? std::optional(find_run(target, *question.run).id) : run_of_interest(target);
  if (!run) return status;
  status.detail = detail_of(target, *run, question.count_written);
  for (RunLine& line : status.runs) {
    if (line.id == *run) line.written = status.detail->run.written;
  }
  return status;
}

}  // namespace

TargetStatus read_status(Session& target, const StatusQuestion& question) {
  try {
    // One moment for all tables; and it could not write if it wanted to.
    target.begin_snapshot();
    check_ledger(target);
    TargetStatus status = look_at_target(target, question);
    target.execute("COMMIT");
    return status;
  } catch (const SqlError& refused) {
    if (refused.error().may_pass()) throw;
    throw Error(Exit::preflight, "cannot read the ledger: " + refused.error().safe_message(),
                target.endpoint().shown + ", schema mighost",
                "grant the role USAGE on schema mighost and SELECT on its tables");
  }
}

bool seen_lately(const SeenWorker& worker) { return worker.age_s <= lately_s; }

Life life_of(const RunDetail& detail, const TargetStatus& status) {
  if (detail.run.status != "running") return Life::over;
  if (std::any_of(detail.workers.begin(), detail.workers.end(), seen_lately)) return Life::at_work;
  // Another run of ours says in its name which one it is; nobody else's can be told.
  const auto may_be_its = [&](const ServerSession& holder) {
    return holder.application.find(detail.run.id) != std::string::npos ||
           !holder.application.starts_with("mighost ");
  };
  const bool held = std::any_of(status.lock_holders.begin(), status.lock_holders.end(), may_be_its);
  return held || status.standby ? Life::silent : Life::dead;
}

}  // namespace mighost
