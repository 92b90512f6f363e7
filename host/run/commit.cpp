#include "run/commit.hpp"

#include <chrono>
#include <thread>

#include "report/error.hpp"
#include "report/failpoint.hpp"
#include "report/log.hpp"
#include "run/run.hpp"

namespace mighost {
namespace {

/// The old session may be at it still, and the server on its way back: both end soon, or nobody
/// knows.
bool was_committed(const RunConfig& config, const std::string& run_id,
                   const std::optional<std::string>& transaction, bool& unknown) {
  using namespace std::chrono_literals;
  constexpr int attempts = 50;
  for (int attempt = 0; attempt < attempts && !interrupted; ++attempt) {
    if (attempt > 0) std::this_thread::sleep_for(200ms);
    try {
      Session again(config.target, Session::Role::control, config.load, "mighost " + run_id);
      const auto status = again.query("SELECT pg_xact_status($1::xid8)", {transaction}).value();
      if (status == "committed" || status == "aborted") return status == "committed";
    } catch (const std::exception&) {
      log(LogLevel::debug, "the target cannot be asked what became of the COMMIT");
    }
  }
  unknown = true;
  throw Error(Exit::failed,
              "the connection to the target died during COMMIT, and the server cannot be asked "
              "whether it was done",
              config.target.shown,
              "see the status of run " + run_id +
                  " in mighost.runs when the server is back: done means committed; running the "
                  "same command again is right in any case");
}

}  // namespace

void begin_target_transaction(Session& target) {
  target.execute("BEGIN");
  // What is deferred to COMMIT could not be traced to its row there, and would block building
  // indexes.
  target.execute("SET CONSTRAINTS ALL IMMEDIATE");
}

void TargetTransaction::begin() {
  open_ = true;
  begin_target_transaction(target_);
}

void TargetTransaction::roll_back() noexcept {
  if (!open_) return;
  open_ = false;
  try {
    target_.execute("ROLLBACK");
  } catch (const std::exception&) {
    log(LogLevel::debug, "the target is gone; the server rolls back by itself");
  }
}

void TargetTransaction::commit(const RunConfig& config, const std::string& run_id) {
  open_ = false;
  const auto transaction = target_.query("SELECT pg_current_xact_id()").value();
  failpoint("run.committing");
  try {
    target_.execute("COMMIT");
  } catch (const SqlError& refused) {
    if (!refused.error().connection_lost) throw;
    if (!was_committed(config, run_id, transaction, unknown_)) throw;
    log_warn(
        "the connection to the target died during COMMIT; the server says that the transaction was "
        "committed");
  }
}

}  // namespace mighost
