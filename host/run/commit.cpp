#include "run/commit.hpp"

#include "report/log.hpp"

namespace mighost {

void commit_surely(Session& target, const RunConfig& config, const std::string& run_id) {
  const auto transaction = target.query("SELECT pg_current_xact_id()").value();
  try {
    target.execute("COMMIT");
  } catch (const SqlError& refused) {
    if (!refused.error().connection_lost) throw;
    Session again(config.target, Session::Role::control, config.load, "mighost " + run_id);
    const auto status = again.query("SELECT pg_xact_status($1::xid8)", {transaction}).value();
    if (status != "committed") throw;
    log_warn(
        "the connection died during COMMIT; the server says that the transaction was committed");
  }
}

}  // namespace mighost
