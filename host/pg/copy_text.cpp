#include "pg/copy_text.hpp"

#include <libpq-fe.h>

#include <memory>

namespace mighost {
namespace {

using CopyReply = std::unique_ptr<PGresult, void (*)(PGresult*)>;
using Buffer = std::unique_ptr<char, void (*)(void*)>;

}  // namespace

std::uint64_t copy_text(Session& session, const std::string& query, const std::string& options,
                        const std::function<void(std::string_view)>& take) {
  PGconn* connection = session.raw();
  const std::string statement = "COPY (" + query + ") TO STDOUT " + options;
  const CopyReply begun(PQexec(connection, statement.c_str()), PQclear);
  if (PQresultStatus(begun.get()) != PGRES_COPY_OUT) {
    throw SqlError(last_error(session, begun.get()), statement);
  }
  std::uint64_t pieces = 0;
  for (;;) {
    char* bytes = nullptr;
    const int size = PQgetCopyData(connection, &bytes, 0);
    const Buffer buffer(bytes, PQfreemem);
    if (size < 0) break;
    take({bytes, static_cast<std::size_t>(size)});
    ++pieces;
  }
  for (bool first = true;; first = false) {
    const CopyReply end(PQgetResult(connection), PQclear);
    if (!end) return pieces;
    if (first && PQresultStatus(end.get()) != PGRES_COMMAND_OK) {
      throw SqlError(last_error(session, end.get()), statement);
    }
  }
}

}  // namespace mighost
