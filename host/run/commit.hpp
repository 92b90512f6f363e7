#pragma once
// The transaction of the target that brings rows, all of them or none. When the connection dies
// during COMMIT, the transaction's own number tells what became of it (PostgreSQL documentation,
// 9.27 pg_xact_status).
#include "config/run_config.hpp"
#include "pg/session.hpp"

namespace mighost {

/// With every constraint immediate.
void begin_target_transaction(Session& target);

class TargetTransaction {
 public:
  explicit TargetTransaction(Session& target) : target_(target) {}

  void begin();
  /// Throws SqlError when it was not committed. When the server cannot be asked:
  /// Error{Exit::failed}, and it is unknown() from then on.
  void commit(const RunConfig& config, const std::string& run_id);
  /// Unless none is open, or its COMMIT was tried.
  void roll_back() noexcept;
  /// Whether its COMMIT was done.
  bool unknown() const { return unknown_; }

 private:
  Session& target_;
  bool open_ = false, unknown_ = false;
};

}  // namespace mighost
