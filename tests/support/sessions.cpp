#include "support/sessions.hpp"

#include <stdexcept>

#include "support/dataset.hpp"

namespace mighost::test {
namespace {

std::string sessions_of(const std::string& run_id) {
  return " FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE "
         "'mighost %" +
         run_id + "'";
}

}  // namespace

std::size_t terminate_sessions(const std::string& url, const std::string& run_id) {
  return std::stoul(
      psql(url, "SELECT count(*) FILTER (WHERE pg_terminate_backend(pid))" + sessions_of(run_id)));
}

bool terminate_session(const std::string& url, unsigned nth, const std::string& run_id) {
  return psql(url,
              "WITH s AS (SELECT pid, row_number() OVER (ORDER BY application_name, "
              "backend_start) - 1 AS place, count(*) OVER () AS all_there" +
                  sessions_of(run_id) + ") SELECT pg_terminate_backend(pid) FROM s WHERE " +
                  std::to_string(nth) + " % all_there = place") == "t\n";
}

void wait_for_clients_to_end(const std::string& url) {
  // Not by application_name: a session that was just opened has none yet.
  const std::string clients =
      " FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()";
  if (ask_until(url, "SELECT count(*)" + clients, "0\n") == "0\n") return;
  throw std::runtime_error("a session does not end: " +
                           psql(url, "SELECT datname, application_name, state, query" + clients));
}

}  // namespace mighost::test
