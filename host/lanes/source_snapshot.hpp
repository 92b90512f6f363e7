#pragma once
// What the lanes of a process see of the source: one snapshot for all, exported by a session that
// does nothing else (PostgreSQL documentation, 9.27.5). When it is lost, a new one is made; rows
// read under another snapshot are looked at once more before the run is concluded
// (source_drift.hpp).
#include <memory>
#include <mutex>
#include <string>

#include "config/run_config.hpp"
#include "pg/session.hpp"

namespace mighost {

class SourceSnapshot {
 public:
  /// `name`: for the server's list of sessions.
  SourceSnapshot(const RunConfig& config, std::string name)
      : config_(config), name_(std::move(name)) {}

  /// A session in a transaction that sees the snapshot; what it sees is told in `label`, equal for
  /// equal snapshots. Throws SqlError, Error. [any thread]
  Session open(std::string& label);

  /// "label exported-name" of the snapshot, for other processes; and theirs, to be tried first.
  std::string shared();
  void adopt(const std::string& shared);

 private:
  bool join(Session& session);
  void renew();

  const RunConfig& config_;
  const std::string name_;
  std::mutex mutex_;
  std::unique_ptr<Session> holder_;  // null: another process holds it, or there is none
  std::string label_, exported_;
};

}  // namespace mighost
