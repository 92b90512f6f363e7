#include "pg/copy_in.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <cstdlib>

#include "pg/wire.hpp"

namespace mighost {
namespace {

// libpq copies what it is given into its own output buffer, which grows to hold it; small pieces
// keep that buffer small.
constexpr std::size_t piece_bytes = 64 * 1024;

}  // namespace

std::string copy_in_statement(const std::string& quoted_table,
                              const std::vector<std::string>& columns) {
  std::string list;
  for (const auto& column : columns) list += (list.empty() ? "" : ", ") + quote_identifier(column);
  return "COPY " + quoted_table + " (" + list + ") FROM STDIN (FORMAT binary)";
}

void CopyIn::begin(const std::string& statement) {
  PGresult* result = PQexec(session_.raw(), statement.c_str());
  const bool started = PQresultStatus(result) == PGRES_COPY_IN;
  ServerError error;
  if (!started) error = last_error(session_, result);
  PQclear(result);
  if (!started) throw SqlError(std::move(error), statement);
  active_ = true;
  put(wire::header);
}

bool CopyIn::put(std::string_view rows) {
  while (!rows.empty()) {
    const auto piece = rows.substr(0, piece_bytes);
    if (PQputCopyData(session_.raw(), piece.data(), static_cast<int>(piece.size())) != 1)
      return false;
    rows.remove_prefix(piece.size());
  }
  // An error is only seen by looking: PQputCopyData goes on sending into a stream that the server
  // discards. Once libpq has read the error message, the connection is no longer in COPY state and
  // the next put fails.
  return true;
}

CopyResult CopyIn::finish() {
  active_ = false;
  PQputCopyData(session_.raw(), wire::trailer.data(), static_cast<int>(wire::trailer.size()));
  PQputCopyEnd(session_.raw(), nullptr);
  CopyResult outcome;
  while (PGresult* result = PQgetResult(session_.raw())) {
    if (PQresultStatus(result) == PGRES_COMMAND_OK) {
      outcome.rows = std::strtoull(PQcmdTuples(result), nullptr, 10);
    } else if (!outcome.refused) {
      outcome.refused = last_error(session_, result);
    }
    PQclear(result);
  }
  if (PQstatus(session_.raw()) != CONNECTION_OK && !outcome.refused) {
    outcome.refused = last_error(session_, nullptr);
  }
  return outcome;
}

void CopyIn::abandon() noexcept {
  active_ = false;
  PQputCopyEnd(session_.raw(), "abandoned");
  while (PGresult* result = PQgetResult(session_.raw())) {
    const bool still_open = PQresultStatus(result) == PGRES_COPY_IN;
    PQclear(result);
    if (still_open) return;  // the end could not even be sent
  }
}

}  // namespace mighost
