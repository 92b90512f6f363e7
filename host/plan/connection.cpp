#include "plan/connection.hpp"

#include <libpq-fe.h>

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

Pooling find_pooling(Session& session, const LoadConfig& load) {
  if (PQtransactionStatus(session.raw()) != PQTRANS_IDLE) return Pooling::none;
  const auto process = session.query(which_process).value();
  bool same = true;
  {
    // With no other traffic the free process is the same one every time, so a second session takes
    // it away between two statements.
    Session other(session.endpoint(), session.role(), load, "mighost check");
    other.execute("BEGIN");
    other.query(which_process);
    same = stays_with(session, process);
    other.execute("ROLLBACK");
  }
  if (!same || !stays_with(session, process)) return Pooling::transaction;
  // A pooler invents the number that the client is told when it connects.
  const bool direct = process == std::to_string(PQbackendPID(session.raw()));
  return direct ? Pooling::none : Pooling::session;
}

}  // namespace mighost
