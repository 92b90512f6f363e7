#include "ledger/workers.hpp"

namespace mighost {
namespace {

mig::uuid id_from(const std::optional<std::string>& text) {
  return mig::uuid::parse(text.value_or("")).value_or(mig::uuid{});
}

/// False: a session of the worker is still there, and may not be ended by this role.
bool end_sessions(Session& session, const Worker& worker) {
  const std::string mine =
      " FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1 "
      "AND pid <> pg_backend_pid() AND ";
  // What pg_terminate_backend asks for; it would raise an error for the others.
  const std::string may_end =
      "(pg_has_role(usesysid, 'USAGE') OR pg_has_role('pg_signal_backend', 'USAGE'))";
  const std::string name = worker_application(worker.run_id, worker.id);
  session.query("SELECT pg_terminate_backend(pid)" + mine + may_end, {name});
  return session.query("SELECT count(*)" + mine + "NOT " + may_end, {name}).value() == "0";
}

}  // namespace

std::string worker_application(const mig::uuid& run_id, const mig::uuid& worker) {
  constexpr std::size_t digits = 8;
  return "mighost " + run_id.to_text() + " " + worker.to_text().substr(0, digits);
}

void worker_seen(Session& session, const Worker& worker) {
  session.query(
      "INSERT INTO mighost.workers AS w (worker, run_id, host, process, lanes, activity) "
      "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (worker) DO UPDATE SET "
      "seen_at = clock_timestamp(), activity = excluded.activity, lanes = excluded.lanes",
      {worker.id.to_text(), worker.run_id.to_text(), worker.host, std::to_string(worker.process),
       std::to_string(worker.lanes), worker.activity});
}

void remove_worker(Session& session, const mig::uuid& worker) {
  session.query("DELETE FROM mighost.workers WHERE worker = $1", {worker.to_text()});
}

std::vector<SeenWorker> workers_of(Session& session, const mig::uuid& run_id) {
  const Rows rows = session.query(
      "SELECT worker, host, process, lanes, activity, started_at, "
      "greatest(0, extract(epoch FROM clock_timestamp() - seen_at)) "
      "FROM mighost.workers WHERE run_id = $1 ORDER BY started_at, worker",
      {run_id.to_text()});
  std::vector<SeenWorker> workers;
  for (const auto& row : rows.rows) {
    SeenWorker worker;
    worker.id = id_from(row[0]);
    worker.run_id = run_id;
    worker.host = row[1].value_or("");
    worker.process = std::stoi(row[2].value_or("0"));
    worker.lanes = std::stoi(row[3].value_or("0"));
    worker.activity = row[4].value_or("[]");
    worker.started_at = row[5].value_or("");
    worker.age_s = std::stod(row[6].value_or("0"));
    workers.push_back(std::move(worker));
  }
  return workers;
}

std::vector<SeenWorker> end_lost_workers(Session& session, const mig::uuid& run_id,
                                         std::chrono::seconds lease, const mig::uuid& own) {
  std::vector<SeenWorker> ended;
  for (SeenWorker& worker : workers_of(session, run_id)) {
    const bool lost = worker.age_s >= static_cast<double>(lease.count());
    if (!lost || worker.id == own || !end_sessions(session, worker)) continue;
    remove_worker(session, worker.id);
    ended.push_back(std::move(worker));
  }
  return ended;
}

void remove_workers_of_ended_runs(Session& session) {
  session.execute(
      "DELETE FROM mighost.workers w WHERE NOT EXISTS (SELECT FROM mighost.runs r WHERE "
      "r.run_id = w.run_id AND r.status = 'running')");
}

}  // namespace mighost
