#pragma once
// One worker of a run in scope chunk: it claims a step, does it in one transaction, and claims the
// next, until nothing is left. What may pass (a lost connection, a deadlock) is tried again; what
// concerns one entity stops that entity, and what depends on it waits; everything else stops the
// process. Nothing of this is kept in memory: what was committed stands in the ledger.
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lanes/crew.hpp"
#include "lanes/outcome.hpp"
#include "lanes/parent_books.hpp"
#include "lanes/source_snapshot.hpp"

namespace mighost {

class Lane {
 public:
  Lane(Crew& crew, ParentBooks& books, SourceSnapshot& snapshot, CrewOutcome& outcome);

  /// Until nothing is left that this process can do. Never throws. [one thread]
  void work() noexcept;

 private:
  enum class Step { done, nothing, over };

  void connect();
  Step step();
  /// Claim and do one step of a kind, within the transaction that is open. False: there is none, or
  /// not without waiting for somebody's lock, and `patient` is not set; then it rolls back.
  using Claim = bool (Lane::*)(bool patient);
  bool finish_one(bool patient);
  bool load_one(bool patient);
  bool begin_one(bool patient);
  bool unless_locked(bool patient, const std::function<void()>& what);
  Step look_around();
  Step conclude();
  void commit();
  Step look_at_run();
  std::vector<std::string> ready(const std::map<std::string, LoadState>& states) const;
  bool waits_for(const PlannedEntity& planned, const std::string& other) const;

  void after(const SqlError& refused);
  void after(const Error& error);
  void try_again(const ServerError& trouble);
  void stop_entity(const Error& error);
  void stop_process(const Error& error);
  void record_retries();
  void tell_the_last_retries() noexcept;
  void wait(std::chrono::milliseconds time) const;

  struct StepInHand {
    std::string entity;  // empty: of the run
    int chunk = -1;      // none
    bool concluding = false;
  };
  struct Retry {
    std::string entity, sqlstate, message;
    int chunk = -1;
    unsigned attempt = 0;
  };

  Crew& crew_;
  ParentBooks& books_;
  SourceSnapshot& snapshot_;
  CrewOutcome& outcome_;
  std::optional<LaneSessions> sessions_;
  StepInHand in_hand_;
  unsigned attempts_ = 0;               // to connect, or to look around
  bool loaded_ = false;                 // a chunk
  std::vector<Retry> retries_;          // not yet in the ledger
  std::optional<RunReport> concluded_;  // COMMIT was sent
};

}  // namespace mighost
