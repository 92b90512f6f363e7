#pragma once
// Says every second, through a connection of its own, that this process lives and what it does
// (mighost.workers), so that `status` and other hosts can tell a slow run from a dead one. It is
// never the run's trouble: what goes wrong here is tried again and told to the debug log only.
#include <memory>
#include <mighost/value.hpp>

#include "config/run_config.hpp"
#include "report/progress.hpp"

namespace mighost {

class Heartbeat {
 public:
  /// Begins at once; the ledger must be there. `progress` must outlive it.
  Heartbeat(const Endpoint& target, const LoadConfig& load, const mig::uuid& run_id,
            const mig::uuid& worker, int lanes, const Progress& progress);
  /// Takes its row away, unless the server does not answer: that is not waited for.
  ~Heartbeat();
  Heartbeat(const Heartbeat&) = delete;
  Heartbeat& operator=(const Heartbeat&) = delete;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace mighost
