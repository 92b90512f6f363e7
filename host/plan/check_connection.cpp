#include "plan/check_connection.hpp"

#include <libpq-fe.h>

#include <array>

#include "plan/connection.hpp"

namespace mighost {
namespace {

std::string side_of(Session::Role role) {
  return role == Session::Role::source ? "source" : "target";
}

std::string show(Session& session, const std::string& setting) {
  return session.query("SHOW " + quote_identifier(setting)).value().value_or("");
}

bool ask(Session& session, const std::string& sql) { return session.query(sql).value() == "t"; }

bool is_local_socket(Session& session) {
  const char* host = PQhost(session.raw());
  return host != nullptr && *host == '/';
}

void check_tls(Session& session, const std::string& name, CheckList& list) {
  if (session.tls()) return list.pass(name, session.tls_description());
  if (is_local_socket(session)) return list.pass(name, "not needed: local socket");
  list.warn(name, "the connection is not encrypted",
            "add sslmode=verify-full and sslrootcert=... to the connection, or connect through "
            "the local socket");
}

void check_version(Session& session, const std::string& name, CheckList& list) {
  const int version = session.server_version();
  const std::string shown = "PostgreSQL " + std::to_string(version / 10000);
  if (version >= server_version_min) return list.pass(name, shown);
  list.fail(name, shown + " is too old",
            "mighost needs PostgreSQL " + std::to_string(server_version_min / 10000) + " or newer");
}

void check_pooler(Session& session, const std::string& name, CheckList& list) {
  switch (find_pooling(session)) {
    case Pooling::transaction:
      return list.fail(name,
                       "the connection goes through a transaction pooler: settings, snapshots and "
                       "locks get lost between statements",
                       pooler_remedy);
    case Pooling::session:
      return list.warn(name, "a pooler stands between, apparently in session mode",
                       "connect to the server itself if you can: poolers end long transactions");
    case Pooling::none:
      return list.pass(name, "one server process serves the whole session");
  }
}

void check_timeouts(Session& session, const std::string& name, CheckList& list) {
  constexpr std::array<const char*, 2> settings = {"statement_timeout",
                                                   "idle_in_transaction_session_timeout"};
  for (const char* setting : settings) {
    const std::string before = show(session, setting);
    session.query("SELECT pg_catalog.set_config($1, $2, false)", {setting, "0"});
    const std::string now = show(session, setting);
    session.query("SELECT pg_catalog.set_config($1, $2, false)", {setting, before});
    if (now == "0") continue;
    list.fail(name, std::string(setting) + " stays at " + now + " though the role sets it to 0",
              "ALTER ROLE ... SET " + std::string(setting) + " = 0, or connect directly");
    return;
  }
  list.pass(name, "the role may lift statement and idle timeouts for its session");
}

void check_snapshot(Session& source, const std::string& name, CheckList& list) {
  source.begin_snapshot();
  std::string problem;
  try {
    const auto snapshot = source.query("SELECT pg_catalog.pg_export_snapshot()").value();
    // More than one: behind a load-balancing endpoint the first may hit the same server by luck.
    for (int i = 0; i < 3; ++i) {
      Session other = source.another("mighost check");
      other.begin_snapshot();
      other.execute("SET TRANSACTION SNAPSHOT " + quote_literal(snapshot.value_or("")));
      other.execute("ROLLBACK");
    }
  } catch (const SqlError& refused) {
    problem = refused.error().safe_message();
  } catch (const Error& error) {
    problem = error.message();
  }
  source.execute("ROLLBACK");
  if (problem.empty()) return list.pass(name, "a second connection sees the same snapshot");
  list.fail(name, "a second connection cannot take over the snapshot: " + problem,
            "name one server instead of a load-balanced reader endpoint, and no pooler");
}

void check_read_only(Session& source, const std::string& name, CheckList& list) {
  if (show(source, "default_transaction_read_only") == "on") {
    return list.pass(name, "every transaction on the source is read-only");
  }
  list.fail(name, "the source session is not read-only",
            "connect directly: a pooler may have swallowed the setting");
}

void check_standby(Session& source, const std::string& name, CheckList& list) {
  if (!ask(source, "SELECT pg_catalog.pg_is_in_recovery()")) {
    return list.pass(name, "the source is a primary");
  }
  list.warn(name, "the source is a standby: a long read may be cancelled by replication conflicts",
            "set hot_standby_feedback = on there, or max_standby_streaming_delay = -1, and name "
            "the instance itself rather than a reader endpoint");
}

void check_writable(Session& target, const std::string& name, CheckList& list) {
  if (ask(target, "SELECT pg_catalog.pg_is_in_recovery()")) {
    return list.fail(name, "the target is a standby, which nobody can write to",
                     "connect to the primary");
  }
  if (show(target, "transaction_read_only") == "on") {
    return list.fail(name, "transactions on the target are read-only by default",
                     "ALTER ROLE or ALTER DATABASE ... SET default_transaction_read_only = off");
  }
  list.pass(name, "the target takes writes");
}

void check_ledger(Session& target, const std::string& name, CheckList& list) {
  const auto usable = target.query(
      "SELECT pg_catalog.has_schema_privilege(oid, 'USAGE') AND "
      "pg_catalog.has_schema_privilege(oid, 'CREATE') "
      "FROM pg_catalog.pg_namespace WHERE nspname = 'mighost'");
  if (!usable.empty()) {
    if (usable.value() == "t") return list.pass(name, "schema mighost is there and usable");
    return list.fail(name, "schema mighost belongs to someone else",
                     "GRANT USAGE, CREATE ON SCHEMA mighost to the role, and its tables too");
  }
  if (ask(target,
          "SELECT pg_catalog.has_database_privilege("
          "pg_catalog.current_database(), 'CREATE')")) {
    return list.pass(name, "the role may create schema mighost");
  }
  list.fail(name, "the role may not create the ledger's schema mighost",
            "GRANT CREATE ON DATABASE to the role, or create schema mighost for it");
}

/// Second passes and the search for rows that a constraint refuses keep their lists in temporary
/// tables.
void check_temporary(Session& target, const std::string& name, CheckList& list) {
  if (ask(target,
          "SELECT pg_catalog.has_database_privilege("
          "pg_catalog.current_database(), 'TEMPORARY')")) {
    return list.pass(name, "the role may create temporary tables");
  }
  list.fail(name, "the role may not create temporary tables",
            "GRANT TEMPORARY ON DATABASE to the role");
}

std::vector<std::string> common_checks(const std::string& side) {
  return {side + " TLS", side + " version", side + " pooler", side + " timeouts"};
}

constexpr const char* read_only_check = "source read-only";
constexpr const char* standby_check = "source standby";
constexpr const char* snapshot_check = "source snapshot";
constexpr const char* writable_check = "target writable";
constexpr const char* ledger_check = "target ledger";
constexpr const char* temporary_check = "target temporary tables";

}  // namespace

std::unique_ptr<Session> check_connection(const Endpoint& endpoint, Session::Role role,
                                          const LoadConfig& load, CheckList& list) {
  const std::string side = side_of(role);
  std::unique_ptr<Session> session;
  list.make(side + " connects", [&] {
    session = std::make_unique<Session>(endpoint, role, load, "mighost check");
    list.pass(side + " connects", endpoint.shown);
  });
  const auto names = common_checks(side);
  if (!session) {
    for (const auto& name : names) list.not_run(name, "no connection to the " + side);
    return nullptr;
  }
  list.make(names[0], [&] { check_tls(*session, names[0], list); });
  list.make(names[1], [&] { check_version(*session, names[1], list); });
  list.make(names[2], [&] { check_pooler(*session, names[2], list); });
  list.make(names[3], [&] { check_timeouts(*session, names[3], list); });
  return session;
}

void check_source_server(Session& source, CheckList& list) {
  list.make(read_only_check, [&] { check_read_only(source, read_only_check, list); });
  list.make(standby_check, [&] { check_standby(source, standby_check, list); });
  list.make(snapshot_check, [&] { check_snapshot(source, snapshot_check, list); });
}

void check_target_server(Session& target, CheckList& list) {
  list.make(writable_check, [&] { check_writable(target, writable_check, list); });
  list.make(ledger_check, [&] { check_ledger(target, ledger_check, list); });
  list.make(temporary_check, [&] { check_temporary(target, temporary_check, list); });
}

std::vector<std::string> source_server_checks() {
  return {read_only_check, standby_check, snapshot_check};
}

std::vector<std::string> target_server_checks() {
  return {writable_check, ledger_check, temporary_check};
}

}  // namespace mighost
