#pragma once
// COPY table (columns) FROM STDIN (FORMAT binary) on a session's raw connection. A refusal of the
// server is a value here: what to do about it is decided by whoever sent the rows.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pg/session.hpp"

namespace mighost {

struct CopyResult {
  std::uint64_t rows = 0;              // that the server says it stored
  std::optional<ServerError> refused;  // nothing of this COPY is stored then
};

/// "COPY \"public\".\"t\" (\"a\", \"b\") FROM STDIN (FORMAT binary)"
std::string copy_in_statement(const std::string& quoted_table,
                              const std::vector<std::string>& columns);

class CopyIn {
 public:
  explicit CopyIn(Session& session) : session_(session) {}

  /// Starts the statement and sends the header. Throws SqlError when the server does not accept the
  /// statement itself.
  void begin(const std::string& statement);
  bool active() const { return active_; }

  /// Complete rows. Returns false when the server has already refused the stream; call finish()
  /// then.
  bool put(std::string_view rows);

  /// Ends the stream and waits for the answer.
  CopyResult finish();

  /// Gives the stream up: the server stores nothing of it and the transaction has failed. For when
  /// something else has gone wrong already.
  void abandon() noexcept;

 private:
  Session& session_;
  bool active_ = false;
};

}  // namespace mighost
