#include "validate/limited_sql.hpp"

namespace mighost {
namespace {

constexpr const char* query_canceled = "57014";

std::string limit_text(std::chrono::milliseconds limit) {
  return limit.count() % 1000 == 0 ? std::to_string(limit.count() / 1000) + " s"
                                   : std::to_string(limit.count()) + " ms";
}

/// The limit holds for the way back too, which is short: when a busy machine makes it late all the
/// same, it is taken again.
void go_back(Session& target) {
  constexpr int attempts_max = 10;
  for (int attempt = 1;; ++attempt) {
    try {
      return target.execute("ROLLBACK TO SAVEPOINT mighost_check");
    } catch (const SqlError& refused) {
      if (refused.error().sqlstate != query_canceled || attempt == attempts_max) throw;
    }
  }
}

}  // namespace

std::optional<std::string> run_limited(Session& target, std::chrono::milliseconds limit,
                                       const std::function<void()>& work) {
  std::optional<std::string> fault;
  target.execute("SAVEPOINT mighost_check");
  try {
    target.execute("SET LOCAL statement_timeout = " + std::to_string(limit.count()));
    work();
  } catch (const SqlError& refused) {
    const ServerError& error = refused.error();
    if (error.connection_lost) throw;
    fault = error.sqlstate == query_canceled ? "it did not come to its end within " +
                                                   limit_text(limit) + " ([validation] time_limit)"
                                             : "it cannot be run: " + error.safe_message();
  }
  // Back, not only released: what was set ends with the savepoint, and nothing that was done stays.
  go_back(target);
  target.execute("RELEASE SAVEPOINT mighost_check");
  return fault;
}

}  // namespace mighost
