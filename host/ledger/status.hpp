#pragma once
// How the runs of a target stand, from the ledger and the server's own lists of sessions and locks.
// Only reads: a standby will do, and neither plugins nor the source are needed.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/workers.hpp"
#include "pg/session.hpp"

namespace mighost {

struct RunLine {
  std::string id, kind, scope, status, started_at;
  std::optional<std::string> finished_at;
  double seconds = 0;                    // until it ended, or until now
  std::optional<std::uint64_t> written;  // nothing: not known yet
  std::optional<int> exit_code;
  std::string error;
  std::string undoes{};                 // of a rollback: the run; empty: not recorded
  std::vector<std::string> taken_back;  // entities that were rolled back since; not of a whole run
};

/// How far an entity is.
struct EntityStatus {
  std::string name;
  std::string state;  // waiting, loading, finished, stopped
  std::string doing;  // "reading", "building indexes": what the workers say
  std::string error;
  std::uint64_t chunks = 0, chunks_done = 0;  // 0 chunks: it has none
  std::uint64_t rows = 0;                     // read
  std::uint64_t expected = 0;                 // 0: unknown
  std::optional<std::uint64_t> written;
  std::optional<double> seconds, rows_per_second, seconds_left;
};

struct ServerSession {
  int pid = 0;  // 0: a prepared transaction
  std::string application, user, state;
  std::optional<double> seconds;  // since its transaction began, or since it is idle
};

/// A session of a mighost that waits for a lock, and who has it.
struct WaitingSession {
  int pid = 0;
  std::string application, mode, what;  // "AccessExclusiveLock", "table rooms"
  std::optional<double> seconds;        // nothing: the server does not tell (before version 14)
  std::vector<ServerSession> blockers;
};

/// Indexes, constraints and triggers of an entity's table that are taken away.
struct TakenAway {
  std::string entity;
  std::vector<std::string> names;
};

struct RunDetail {
  RunLine run;
  std::vector<SeenWorker> workers;
  std::vector<EntityStatus> entities;
  std::vector<TakenAway> away;
  std::uint64_t retries = 0;
};

struct TargetStatus {
  std::string config_file;  // for commands that people are told
  std::string at;           // the server's time
  bool standby = false;     // locks and sessions of the primary are not to be seen
  std::vector<RunLine> runs;
  std::uint64_t more_runs = 0;
  std::vector<ServerSession> lock_holders;
  std::vector<WaitingSession> waiting;
  std::optional<RunDetail> detail;
};

/// What can be said of a run that has status "running".
enum class Life {
  over,     // it has another status
  at_work,  // a process has been seen lately
  silent,   // nobody has been seen lately, but somebody holds the target, or a standby cannot tell
  dead      // nobody is left
};

struct StatusQuestion {
  /// Id of the run to tell of. Nothing: the one in progress, else one that has left things undone.
  std::optional<std::string> run;
  std::size_t runs_shown = 8;
  /// Count written rows of a run in progress, which reads every chunk's record.
  bool count_written = true;
};

/// Throws Error{Exit::preflight} when there is no ledger that this program can read, Error{usage}
/// for a run that is not there.
TargetStatus read_status(Session& target, const StatusQuestion& question);

Life life_of(const RunDetail& detail, const TargetStatus& status);
/// Seen within the last few seconds.
bool seen_lately(const SeenWorker& worker);

/// Of the sessions of any mighost in this database, those that wait for a lock
/// (server_status.cpp). A run that is only starting has no id yet that others could know.
std::vector<WaitingSession> waiting_sessions(Session& target);
/// Sessions that hold the lock of runs on this target.
std::vector<ServerSession> lock_holders(Session& target);
/// How far the run's entities are (entity_status.cpp).
std::vector<EntityStatus> entity_states(Session& target, const RunLine& run,
                                        const std::vector<SeenWorker>& workers, bool count_written);

}  // namespace mighost
