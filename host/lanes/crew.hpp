#pragma once
// What the lanes of one process have in common, and what it knows of the run that they work on.
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "ledger/chunk_queue.hpp"
#include "plan/plan.hpp"
#include "report/progress.hpp"
#include "run/run_context.hpp"

namespace mighost {

/// One lane's two connections. The source session is inside a transaction with a snapshot.
struct LaneSessions {
  Session source, target;
  std::string snapshot;  // names what the source session sees
};

struct Crew {
  Crew(const RunConfig& run_config, const Plan& run_plan, Progress& run_progress,
       const mig::uuid& run, int epoch, const mig::uuid& process, const MemoryShares& of_lane)
      : config(run_config),
        plan(run_plan),
        progress(run_progress),
        run_id(run),
        worker(process),
        memory(of_lane),
        ticket{run.to_text(), epoch, process.to_text()} {}

  const RunConfig& config;
  const Plan& plan;
  Progress& progress;
  mig::uuid run_id, worker;
  MemoryShares memory;  // of one lane
  RunTicket ticket;

  /// No lane claims anything any more: a signal, a veto, or a failure that concerns the whole run.
  std::atomic<bool> stopping{false};

  const PlannedEntity& planned(const std::string& entity) const;
  std::size_t position(const std::string& entity) const;
  /// Shown as long as somebody of this process works on the entity.
  std::shared_ptr<EntityProgress> progress_of(const std::string& entity);

  /// How often a step (a chunk's number; -1: another step of the entity, or of the run) has failed
  /// before, whichever lane tried. The failure at hand is counted.
  unsigned failed(const std::string& entity, int chunk);
  void succeeded(const std::string& entity, int chunk);

 private:
  std::mutex mutex_;
  std::map<std::pair<std::string, int>, unsigned> failures_;
  std::map<std::string, std::weak_ptr<EntityProgress>> shown_;
};

/// A context for one step of a lane; `cancelled` must outlive it.
RunContext lane_context(Crew& crew, LaneSessions& sessions, std::atomic<bool>& cancelled);

/// The ledger's table of an entity's late references, quoted; empty when its reference is not late
/// or its parent is not there.
std::vector<std::string> late_tables(const Crew& crew, const PlannedEntity& planned);

}  // namespace mighost
