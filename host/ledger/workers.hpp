#pragma once
// The processes that work on a run: each says every second that it lives and what it does
// (mighost.workers). Whoever has not been seen for a lease is taken for dead: its sessions are
// ended, so that what it holds is free.
#include <chrono>
#include <mighost/value.hpp>
#include <string>
#include <vector>

#include "pg/session.hpp"

namespace mighost {

struct Worker {
  mig::uuid id, run_id;
  std::string host;
  int process = 0;
  int lanes = 1;
  /// JSON: [{entity, rows, expected, doing, seconds}]; expected 0: unknown.
  std::string activity = "[]";
};

/// A worker as the ledger knows it.
struct SeenWorker : Worker {
  std::string started_at;
  double age_s = 0;  // since it was last seen, by the server's clock
};

/// Sessions of a worker's lanes have this name on the target; it is how a lost worker's are found.
std::string worker_application(const mig::uuid& run_id, const mig::uuid& worker);

/// Registers the worker, or says that it lives. A worker that was taken for dead is there again.
void worker_seen(Session& session, const Worker& worker);
void remove_worker(Session& session, const mig::uuid& worker);
/// The longest at work first.
std::vector<SeenWorker> workers_of(Session& session, const mig::uuid& run_id);

/// Ends the sessions, in this database, of workers of the run that have not been seen for `lease`,
/// and removes the workers; never `own`. Sessions that the role may not end stay, and so does the
/// row of their worker. Returns those that were removed.
std::vector<SeenWorker> end_lost_workers(Session& session, const mig::uuid& run_id,
                                         std::chrono::seconds lease, const mig::uuid& own);
/// Rows that dead processes left behind.
void remove_workers_of_ended_runs(Session& session);

}  // namespace mighost
