#include "pg/copy_out.hpp"

#include <libpq-fe.h>

#include "pg/wire.hpp"
#include "report/error.hpp"

namespace mighost {

CopyOut::CopyOut(Session& session, const std::string& query)
    : session_(session), statement_("COPY (" + query + ") TO STDOUT (FORMAT binary)") {
  PGresult* result = PQexec(session_.raw(), statement_.c_str());
  const bool started = PQresultStatus(result) == PGRES_COPY_OUT;
  ServerError error;
  if (!started) error = last_error(session_, result);
  PQclear(result);
  if (!started) throw SqlError(std::move(error), statement_);
}

CopyOut::~CopyOut() {
  PQfreemem(buffer_);
  if (done_) return;
  // Abandoned half-way: nobody wants the rest.
  session_.cancel();
  char* rest = nullptr;
  while (PQgetCopyData(session_.raw(), &rest, 0) > 0) PQfreemem(rest);
  while (PGresult* result = PQgetResult(session_.raw())) PQclear(result);
}

bool CopyOut::next(std::string_view& row) {
  if (done_) return false;
  for (;;) {
    PQfreemem(buffer_);
    buffer_ = nullptr;
    const int size = PQgetCopyData(session_.raw(), &buffer_, 0);
    if (size < 0) {
      finish();
      return false;
    }
    row = {buffer_, static_cast<std::size_t>(size)};
    if (!header_seen_) {
      // The header travels in front of the first row (or of the trailer).
      if (row.substr(0, 11) != wire::header.substr(0, 11) || row.size() < wire::header.size()) {
        throw Error(Exit::internal, "the source's COPY stream has no header");
      }
      const auto extension = wire::get<std::int32_t>(row.data() + 15);
      row.remove_prefix(wire::header.size() + static_cast<std::size_t>(extension));
      header_seen_ = true;
      if (row.empty()) continue;
    }
    if (row == wire::trailer) continue;
    return true;
  }
}

void CopyOut::finish() {
  done_ = true;
  ServerError error;
  bool failed = PQstatus(session_.raw()) != CONNECTION_OK;
  if (failed) error = last_error(session_, nullptr);
  while (PGresult* result = PQgetResult(session_.raw())) {
    if (PQresultStatus(result) != PGRES_COMMAND_OK && !failed) {
      failed = true;
      error = last_error(session_, result);
    }
    PQclear(result);
  }
  if (failed) throw SqlError(std::move(error), statement_);
}

}  // namespace mighost
