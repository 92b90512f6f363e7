#pragma once
// One connection to PostgreSQL: libpqxx for control SQL and the raw PGconn of the same session for
// binary COPY, which libpqxx 6 does not have (decision 003). No other file includes <pqxx/...>.
// Every setting is checked with SHOW (design 6.4).
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/run_config.hpp"

struct pg_conn;

namespace mighost {

/// A server's refusal, with its diagnostic fields. `detail` may hold row values: for the ledger,
/// never for a log.
struct ServerError {
  std::string sqlstate, message, detail, hint, context, schema, table, column, constraint;
  std::string source_file;      // of the server's code that raised it: pl_exec.c for RAISE
  std::uint64_t position = 0;   // in the statement, in characters from 1; 0: none
  std::uint64_t copy_line = 0;  // from "COPY t, line N" in the context; 0: none
  bool connection_lost = false;
  std::string side;  // "source" or "target": whose server it is; empty: nobody said

  /// The primary message without quoted values; safe for a log.
  std::string safe_message() const;
  /// "lost the connection to the source", or that the server refused and its safe message.
  std::string told() const;
  /// The same may go well in a moment: a lost connection, a server that restarts, a deadlock, a
  /// serialization failure (PostgreSQL documentation, appendix A: classes 08, 57P, 40; 53300).
  bool may_pass() const;
  /// Somebody holds a lock longer than lock_timeout, or than NOWAIT waits: 55P03.
  bool is_locked() const;
  /// Neither the rows nor the statement are at fault: it may pass, or somebody holds a lock.
  bool comes_from_others() const { return may_pass() || is_locked(); }
  /// It has to do with what others do to a table at this moment: a lock that is not to be had, a
  /// deadlock, a catalog row that has just gone. A lost connection is none of these.
  bool is_busy() const;
};

/// Thrown by Session for a statement that the server refused.
class SqlError : public std::exception {
 public:
  SqlError(ServerError error, std::string statement);
  const ServerError& error() const noexcept { return error_; }
  const char* what() const noexcept override { return text_.c_str(); }
  /// The same as the error tells, then the statement.
  std::string told() const;

 private:
  ServerError error_;
  std::string text_;
};

/// Result of a query: text values, row by row.
struct Rows {
  std::vector<std::string> columns;
  std::vector<std::vector<std::optional<std::string>>> rows;

  bool empty() const { return rows.empty(); }
  std::size_t size() const { return rows.size(); }
  const std::optional<std::string>& at(std::size_t row, std::size_t column) const {
    return rows.at(row).at(column);
  }
  /// The first value of the first row; empty optional when there is none.
  std::optional<std::string> value() const {
    return rows.empty() ? std::nullopt : rows.front().front();
  }
};

class Session {
 public:
  enum class Role { source, target, control };

  /// Connects, fixes the session (time zone, encoding, search path, row_security off, timeouts) and
  /// checks each setting. Throws Error{Exit::preflight} without any password in its text.
  Session(const Endpoint& endpoint, Role role, const LoadConfig& load,
          const std::string& application_name);
  /// Connects once more, to the same server with the same settings. Throws as the constructor.
  Session another(const std::string& application_name) const;
  ~Session();
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;

  /// Runs one statement; parameters are $1, $2, ... as text. Throws SqlError.
  Rows query(std::string_view sql, const std::vector<std::optional<std::string>>& parameters = {});
  void execute(std::string_view sql);
  /// Begins a transaction that only reads, and sees one moment (PostgreSQL documentation, 13.2.2).
  void begin_snapshot();

  pg_conn* raw() noexcept;
  bool tls() const;
  std::string tls_description() const;  // "TLSv1.3 TLS_AES_256_GCM_SHA384" or "none (local socket)"
  int server_version() const;           // 150018
  Role role() const noexcept;
  const char* side() const noexcept;  // "source" or "target"
  const Endpoint& endpoint() const noexcept;
  /// Asks the server to cancel what runs now. [any thread]
  void cancel() noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// "Mixed Case" -> "\"Mixed Case\"".
std::string quote_identifier(std::string_view name);
/// "schema.table" -> quoted on both sides; a name without a dot is taken to be in schema public.
std::string quote_relation(std::string_view name);
std::string quote_literal(std::string_view text);

/// The server's complaint out of the session's raw connection after a failed raw call.
ServerError last_error(Session& session, const void* result);

}  // namespace mighost
