#include "plan/connection.hpp"

#include <libpq-fe.h>

#include "report/error.hpp"

namespace mighost {
namespace {

constexpr const char* which_process = "SELECT pg_catalog.pg_backend_pid()";
constexpr int questions = 5;

bool stays_with(Session& session, const std::optional<std::string>& process) {
  for (int i = 0; i < questions; ++i) {
    if (session.query(which_process).value() != process) return false;
  }
  return true;
}

}  // namespace

Pooling find_pooling(Session& session) {
  // A pooler invents the number that the client is told when it connects.
  const auto is_direct = [&session] {
    return session.query(which_process).value() == std::to_string(PQbackendPID(session.raw()));
  };
  if (PQtransactionStatus(session.raw()) != PQTRANS_IDLE) {
    if (is_direct()) return Pooling::none;
    Session idle = session.another("mighost check");
    return find_pooling(idle);
  }
  const auto process = session.query(which_process).value();
  bool same = true;
  {
    // With no other traffic the free process is the same one every time, so a second session takes
    // it away between two statements.
    Session other = session.another("mighost check");
    other.execute("BEGIN");
    other.query(which_process);
    same = stays_with(session, process);
    other.execute("ROLLBACK");
  }
  if (!same || !stays_with(session, process)) return Pooling::transaction;
  return is_direct() ? Pooling::none : Pooling::session;
}

void refuse_unfit(Session& session) {
  if (session.server_version() < server_version_min) {
    throw Error(Exit::preflight, "the server is older than PostgreSQL 12", session.endpoint().shown,
                "move it to a supported release first");
  }
  if (find_pooling(session) == Pooling::transaction) {
    throw Error(Exit::preflight, "the connection goes through a transaction pooler",
                session.endpoint().shown, pooler_remedy);
  }
}

}  // namespace mighost
