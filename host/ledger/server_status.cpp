// Sessions and locks, as the server lists them. Every role may see these columns; what others run
// is not looked at.
#include <nlohmann/json.hpp>

#include "ledger/ledger.hpp"
#include "ledger/status.hpp"

namespace mighost {
namespace {

ServerSession server_session(const std::vector<std::optional<std::string>>& row) {
  ServerSession session;
  session.pid = std::stoi(row[0].value_or("0"));
  session.application = row[1].value_or("");
  session.user = row[2].value_or("");
  session.state = row[3].value_or("");
  if (row[4]) session.seconds = std::stod(*row[4]);
  return session;
}

constexpr const char* session_columns =
    "a.pid, a.application_name, a.usename, a.state, "
    "greatest(0, extract(epoch FROM clock_timestamp() - coalesce(a.xact_start, a.state_change)))";

std::vector<ServerSession> sessions_of(Session& target, const std::string& pids_json) {
  std::vector<ServerSession> sessions;
  const auto pids = nlohmann::json::parse(pids_json, nullptr, false);
  if (!pids.is_array()) return sessions;
  for (const auto& pid : pids) {
    const Rows rows = target.query(
        std::string("SELECT ") + session_columns + " FROM pg_stat_activity a WHERE a.pid = $1",
        {pid.dump()});
    ServerSession session;
    session.pid = pid.get<int>();
    sessions.push_back(rows.empty() ? session : server_session(rows.rows.front()));
  }
  return sessions;
}

std::string waited_for(const std::optional<std::string>& relation, const std::string& type) {
  if (relation) return "table " + *relation;
  if (type == "transactionid" || type == "tuple") return "a row that another transaction changes";
  if (type == "advisory") return "an advisory lock";
  return type;
}

}  // namespace

std::vector<WaitingSession> waiting_sessions(Session& target) {
  constexpr int version_with_waitstart = 140000;
  const std::string since = target.server_version() >= version_with_waitstart
                                ? "greatest(0, extract(epoch FROM clock_timestamp() - l.waitstart))"
                                : "NULL";
  const Rows rows = target.query(
      "SELECT DISTINCT ON (l.pid) l.pid, a.application_name, l.mode, l.locktype, "
      "l.relation::regclass, " +
      since +
      ", array_to_json(pg_blocking_pids(l.pid)) FROM pg_locks l JOIN pg_stat_activity a "
      "USING (pid) WHERE NOT l.granted AND a.datname = current_database() AND "
      "a.application_name LIKE 'mighost %' ORDER BY l.pid");
  std::vector<WaitingSession> waiting;
  for (const auto& row : rows.rows) {
    WaitingSession one{std::stoi(*row[0]),
                       row[1].value_or(""),
                       row[2].value_or(""),
                       waited_for(row[4], *row[3]),
                       {},
                       {}};
    if (row[5]) one.seconds = std::stod(*row[5]);
    one.blockers = sessions_of(target, row[6].value_or("[]"));
    waiting.push_back(std::move(one));
  }
  return waiting;
}

std::vector<ServerSession> lock_holders(Session& target) {
  const Rows rows = target.query(
      std::string("SELECT ") + session_columns +
      " FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE l.locktype = 'advisory' AND "
      "l.granted AND l.objsubid = 2 AND a.datname = current_database() AND l.database = a.datid "
      "AND (l.classid::bigint, l.objid::bigint) = (" +
      target_lock_keys + ") ORDER BY a.backend_start, a.pid");
  std::vector<ServerSession> holders;
  for (const auto& row : rows.rows) holders.push_back(server_session(row));
  return holders;
}

}  // namespace mighost
