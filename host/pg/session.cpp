#include "pg/session.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <pqxx/pqxx>

#include "pg/silent_network.hpp"
#include "report/error.hpp"
#include "report/log.hpp"
#include "report/text.hpp"

namespace mighost {
namespace {

/// The standard policy, which also remembers the raw handle: libpqxx 6 has no accessor for it.
class RememberingPolicy : public pqxx::connect_direct {
 public:
  explicit RememberingPolicy(const std::string& options) : pqxx::connect_direct(options) {}
  handle do_startconnect(handle original) override {
    last_handle = pqxx::connect_direct::do_startconnect(original);
    return last_handle;
  }
  static thread_local handle last_handle;
};

thread_local RememberingPolicy::handle RememberingPolicy::last_handle = nullptr;

using Connection = pqxx::basic_connection_base<RememberingPolicy>;

std::string field(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text != nullptr ? text : "";
}

/// "COPY patients, line 4711, column ..." -> 4711. The word is translated by some servers, so the
/// number after the first comma of the last COPY line is what counts.
std::uint64_t copy_line_of(const std::string& context) {
  const auto copy = context.rfind("COPY ");
  if (copy == std::string::npos) return 0;
  const auto comma = context.find(", ", copy);
  if (comma == std::string::npos) return 0;
  const auto digit = context.find_first_of("0123456789", comma);
  if (digit == std::string::npos) return 0;
  return std::strtoull(context.c_str() + digit, nullptr, 10);
}

/// libpqxx hands on the whole message text, in verbose form: "ERROR:  42501: permission denied
/// ...", then lines of detail, and "LOCATION:  function, file.c:123" at the end. The words are
/// translated by some servers, their order is not.
ServerError from_pqxx(const std::string& sqlstate, const std::string& text, const char* side) {
  ServerError error;
  error.side = side;
  error.sqlstate = sqlstate;
  const auto line_end = text.find('\n');
  error.message = text.substr(0, line_end);
  if (line_end != std::string::npos) error.detail = text.substr(line_end + 1);
  if (const auto colon = error.message.find(":  "); colon != std::string::npos) {
    error.message.erase(0, colon + 3);
  }
  constexpr std::size_t code_size = 5;
  if (error.message.size() > code_size + 2 && error.message.compare(code_size, 2, ": ") == 0) {
    error.sqlstate = error.message.substr(0, code_size);
    error.message.erase(0, code_size + 2);
  }
  if (const auto last = text.rfind(".c:"); last != std::string::npos) {
    const auto begin = text.find_last_of(" \n", last);
    error.source_file = text.substr(begin + 1, last + 2 - begin - 1);
  }
  return error;
}

void ignore_notice(void*, const PGresult* result) {
  log(LogLevel::debug, "notice from the server", {{"sqlstate", field(result, PG_DIAG_SQLSTATE)}});
}

std::string milliseconds(std::chrono::milliseconds value) { return std::to_string(value.count()); }

}  // namespace

struct Session::State {
  Endpoint endpoint;
  Role role;
  LoadConfig load;
  std::unique_ptr<Connection> connection;
  PGconn* raw = nullptr;
  PGcancel* canceller = nullptr;

  ~State() {
    if (canceller != nullptr) PQfreeCancel(canceller);
  }
};

namespace {

constexpr const char* statement_mark = "\n  statement: ";

std::string whose_server(const std::string& side) {
  return side.empty() ? "the server" : "the " + side;
}

}  // namespace

bool ServerError::may_pass() const {
  if (connection_lost || sqlstate.rfind("08", 0) == 0) return true;
  static constexpr const char* passing[] = {"40001", "40P01", "57P01", "57P02",
                                            "57P03", "57P05", "53300"};
  return std::find(std::begin(passing), std::end(passing), sqlstate) != std::end(passing);
}

bool ServerError::is_locked() const { return sqlstate == "55P03"; }

bool ServerError::is_busy() const {
  if (connection_lost) return false;
  return is_locked() || may_pass() || message.starts_with("cache lookup failed") ||
         message.starts_with("could not open relation with OID");
}

std::string ServerError::safe_message() const {
  // Of a server that lets nobody in, its reason; no row has anything to do with it.
  if (connection_lost && message.starts_with("cannot connect to the ")) return one_line(message);
  if (connection_lost) return "the connection to " + whose_server(side) + " was lost";
  // What a function or trigger raises may say anything, under any code; only the server's own words
  // are passed on. The files of its languages begin with pl (pl_exec.c, plpy_elog.c), those of its
  // planner with plan.
  const bool raised = source_file.rfind("pl", 0) == 0 && source_file.rfind("plan", 0) != 0;
  // A statement that a function makes up can carry a value as a name; the context tells whose
  // statement it was.
  const std::string around = context + detail;
  const bool inside = around.find("PL/") != std::string::npos ||
                      around.find("SQL function") != std::string::npos ||
                      around.find("SQL statement") != std::string::npos;
  const bool unknown = source_file.empty() && !sqlstate.empty();
  std::string text = message;
  if (raised || inside || sqlstate.rfind("P0", 0) == 0)
    text = "an exception raised by a trigger or function";
  if (unknown && !raised && !inside) text = "refused";
  // Class 22 messages quote the offending value; the others quote identifiers only.
  if (sqlstate.rfind("22", 0) == 0) {
    if (const auto quote = text.find('"'); quote != std::string::npos) text.resize(quote);
    while (!text.empty() && (text.back() == ' ' || text.back() == ':')) text.pop_back();
  }
  return text + " (SQLSTATE " + (sqlstate.empty() ? "none" : sqlstate) + ")";
}

std::string ServerError::told() const {
  return connection_lost ? "lost the connection to " + whose_server(side)
                         : "the server refused a statement: " + safe_message();
}

SqlError::SqlError(ServerError error, std::string statement) : error_(std::move(error)) {
  constexpr std::size_t shown_max = 300;
  if (statement.size() > shown_max) statement = statement.substr(0, shown_max) + " ...";
  text_ = error_.safe_message() + statement_mark + statement;
}

std::string SqlError::told() const {
  return error_.told() + text_.substr(text_.find(statement_mark));
}

Session::Session(const Endpoint& endpoint, Role role, const LoadConfig& load,
                 const std::string& application_name)
    : state_(std::make_unique<State>()) {
  state_->endpoint = endpoint;
  state_->role = role;
  state_->load = load;
  const char* side = this->side();
  try {
    state_->connection = std::make_unique<Connection>(endpoint.conninfo);
  } catch (const std::exception& failure) {
    std::string reason = failure.what();
    while (!reason.empty() && reason.back() == '\n') reason.pop_back();
    throw Error(Exit::preflight, std::string("cannot connect to the ") + side + ": " + reason,
                endpoint.shown + " (from " + endpoint.origin + ")",
                "check that the server runs and that host, port, database and user are right; "
                "passwords come from pgpass, a service file or the variable's URL");
  }
  state_->raw = RememberingPolicy::last_handle;
  // A silent reconnect would lose the transaction, the snapshot and every setting.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  state_->connection->inhibit_reactivation(true);
#pragma GCC diagnostic pop
  PQsetNoticeReceiver(state_->raw, ignore_notice, nullptr);
  PQsetErrorVerbosity(state_->raw, PQERRORS_VERBOSE);  // for the place an error comes from
  state_->canceller = PQgetCancel(state_->raw);
  notice_silent_server(state_->raw);

  // A database without an encoding may hold bytes that are no text: they come as they are, and the
  // target refuses them row by row (PostgreSQL documentation, 24.3.4).
  const char* const stored_as = PQparameterStatus(state_->raw, "server_encoding");
  const bool any_bytes =
      role == Role::source && stored_as != nullptr && std::string_view(stored_as) == "SQL_ASCII";
  std::vector<std::pair<std::string, std::string>> settings = {
      {"application_name", application_name},
      {"client_encoding", any_bytes ? "SQL_ASCII" : "UTF8"},
      {"TimeZone", "UTC"},
      {"DateStyle", "ISO, MDY"},
      {"search_path", "public"},
      {"row_security", "off"},
      {"standard_conforming_strings", "on"},
      {"idle_in_transaction_session_timeout", "0"},
      {"lock_timeout", milliseconds(load.lock_timeout)},
      {"statement_timeout", milliseconds(load.statement_timeout)},
  };
  constexpr int version_14 = 140000, version_17 = 170000;
  if (server_version() >= version_14) settings.emplace_back("idle_session_timeout", "0");
  if (server_version() >= version_17) settings.emplace_back("transaction_timeout", "0");
  if (role == Role::source) {
    settings.emplace_back("default_transaction_read_only", "on");
    // Two readings of a table in one snapshot must meet its rows in the same order.
    settings.emplace_back("synchronize_seqscans", "off");
  }
  for (const auto& [name, value] : settings) {
    try {
      const auto shown = query("SELECT set_config($1, $2, false)", {name, value}).value();
      const auto now = query("SHOW " + quote_identifier(name)).value();
      if (shown != now) {
        throw Error(
            Exit::preflight, std::string("the ") + side + " did not take the setting " + name,
            endpoint.shown, "connect to the server itself, not through a transaction pooler");
      }
    } catch (const SqlError& refused) {
      throw Error(Exit::preflight,
                  std::string("the ") + side + " refuses the setting " + name + ": " +
                      refused.error().safe_message(),
                  endpoint.shown, "allow the role to set it, or use another role");
    }
  }
  // Not checked with SHOW: a local socket has no keepalives, and not every system can look for
  // a client that is gone. A session without them is as good while all is well.
  for (const char* statement : {notice_silent_client_sql, notice_gone_client_sql}) {
    if (statement == notice_gone_client_sql && server_version() < version_14) continue;
    try {
      execute(statement);
    } catch (const SqlError& refused) {
      if (refused.error().connection_lost) throw;
    }
  }
}

Session Session::another(const std::string& application_name) const {
  return {state_->endpoint, state_->role, state_->load, application_name};
}

Session::~Session() = default;
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;

Rows Session::query(std::string_view sql,
                    const std::vector<std::optional<std::string>>& parameters) {
  const std::string statement(sql);
  try {
    pqxx::nontransaction work(*state_->connection);
    pqxx::result result;
    if (parameters.empty()) {
      result = work.exec(statement);
    } else {
      std::vector<const char*> values;
      values.reserve(parameters.size());
      for (const auto& parameter : parameters) {
        values.push_back(parameter ? parameter->c_str() : nullptr);
      }
      result = work.exec_params(statement, pqxx::prepare::make_dynamic_params(values));
    }
    Rows rows;
    for (pqxx::row::size_type column = 0; column < result.columns(); ++column) {
      rows.columns.emplace_back(result.column_name(column));
    }
    rows.rows.reserve(result.size());
    for (const auto& row : result) {
      auto& values = rows.rows.emplace_back();
      values.reserve(row.size());
      for (const auto& value : row) {
        if (value.is_null()) {
          values.emplace_back(std::nullopt);
        } else {
          values.emplace_back(std::string(value.c_str(), value.size()));
        }
      }
    }
    return rows;
  } catch (const pqxx::broken_connection& broken) {
    ServerError error = from_pqxx("08006", broken.what(), side());
    error.connection_lost = true;
    throw SqlError(std::move(error), statement);
  } catch (const pqxx::sql_error& refused) {
    ServerError error = from_pqxx(refused.sqlstate(), refused.what(), side());
    // libpqxx leaves the code out for some classes, so here it is libpq's own words that tell.
    error.connection_lost =
        error.sqlstate.empty() &&
        error.message.find("server closed the connection unexpectedly") != std::string::npos;
    throw SqlError(std::move(error), statement);
  } catch (const pqxx::failure& failure) {
    ServerError error = from_pqxx("", failure.what(), side());
    error.connection_lost = PQstatus(state_->raw) != CONNECTION_OK;
    throw SqlError(std::move(error), statement);
  }
}

void Session::execute(std::string_view sql) { query(sql); }

void Session::begin_snapshot() { execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"); }

pg_conn* Session::raw() noexcept { return state_->raw; }

bool Session::tls() const { return PQsslInUse(state_->raw) == 1; }

std::string Session::tls_description() const {
  if (tls()) {
    const char* protocol = PQsslAttribute(state_->raw, "protocol");
    const char* cipher = PQsslAttribute(state_->raw, "cipher");
    return std::string(protocol != nullptr ? protocol : "TLS") + " " +
           (cipher != nullptr ? cipher : "");
  }
  const char* host = PQhost(state_->raw);
  return host != nullptr && *host == '/' ? "none (local socket)" : "none";
}

int Session::server_version() const { return PQserverVersion(state_->raw); }
Session::Role Session::role() const noexcept { return state_->role; }
const char* Session::side() const noexcept {
  return state_->role == Role::source ? "source" : "target";
}
const Endpoint& Session::endpoint() const noexcept { return state_->endpoint; }

void Session::cancel() noexcept {
  char ignored[256];
  if (state_->canceller != nullptr) PQcancel(state_->canceller, ignored, sizeof ignored);
}

std::string quote_identifier(std::string_view name) {
  std::string quoted = "\"";
  for (const char letter : name) {
    if (letter == '"') quoted += '"';
    quoted += letter;
  }
  return quoted + '"';
}

std::string quote_relation(std::string_view name) {
  const auto dot = name.find('.');
  if (dot == std::string_view::npos) return "\"public\"." + quote_identifier(name);
  return quote_identifier(name.substr(0, dot)) + "." + quote_identifier(name.substr(dot + 1));
}

std::string quote_literal(std::string_view text) {
  const bool escaped = text.find('\\') != std::string_view::npos;
  std::string quoted = escaped ? " E'" : "'";
  for (const char letter : text) {
    if (letter == '\'' || letter == '\\') quoted += letter;
    quoted += letter;
  }
  return quoted + "'";
}

ServerError last_error(Session& session, const void* opaque_result) {
  PGconn* connection = session.raw();
  ServerError error;
  error.side = session.side();
  if (const auto* result = static_cast<const PGresult*>(opaque_result); result != nullptr) {
    error.sqlstate = field(result, PG_DIAG_SQLSTATE);
    error.message = field(result, PG_DIAG_MESSAGE_PRIMARY);
    error.detail = field(result, PG_DIAG_MESSAGE_DETAIL);
    error.hint = field(result, PG_DIAG_MESSAGE_HINT);
    error.context = field(result, PG_DIAG_CONTEXT);
    error.schema = field(result, PG_DIAG_SCHEMA_NAME);
    error.table = field(result, PG_DIAG_TABLE_NAME);
    error.column = field(result, PG_DIAG_COLUMN_NAME);
    error.constraint = field(result, PG_DIAG_CONSTRAINT_NAME);
    error.source_file = field(result, PG_DIAG_SOURCE_FILE);
    error.position = std::strtoull(field(result, PG_DIAG_STATEMENT_POSITION).c_str(), nullptr, 10);
    error.copy_line = copy_line_of(error.context);
  }
  // What libpq says itself has no SQLSTATE. When it could not write, but read the server's last
  // words, PQstatus does not say yet that the connection is gone.
  error.connection_lost = PQstatus(connection) != CONNECTION_OK || error.sqlstate.empty();
  if (error.message.empty()) error.message = PQerrorMessage(connection);
  while (!error.message.empty() && error.message.back() == '\n') error.message.pop_back();
  return error;
}

}  // namespace mighost
