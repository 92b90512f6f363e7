#include "database.hpp"

#include <libpq-fe.h>

#include "error.hpp"

namespace mighost::dataset {

namespace {

struct Clear {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, Clear>;

std::string trimmed(const char* message) {
  std::string text = message;
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) {
    text.pop_back();
  }
  return text;
}

}  // namespace

void Database::Close::operator()(pg_conn* connection) const { PQfinish(connection); }

Database::Database(std::string role, const std::string& url)
    : role_(std::move(role)), connection_(PQconnectdb(url.c_str())) {
  if (PQstatus(connection_.get()) != CONNECTION_OK) {
    throw Error("cannot connect: " + trimmed(PQerrorMessage(connection_.get())),
                "--" + role_ + " database",
                "check that the server runs and that the URL names an existing database");
  }
  // Dropping a schema reports every object it takes along; ANALYZE every catalog it may not touch.
  execute("set client_min_messages = error; set client_encoding = 'UTF8'; set datestyle = 'ISO'",
          "session settings");
}

void Database::execute(const std::string& sql, std::string_view where) {
  const Result result(PQexec(connection_.get(), sql.c_str()));
  const ExecStatusType status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
    fail(where);
  }
}

std::string Database::value(const std::string& sql, std::string_view where) {
  const Result result(PQexec(connection_.get(), sql.c_str()));
  if (PQresultStatus(result.get()) != PGRES_TUPLES_OK || PQntuples(result.get()) != 1) {
    fail(where);
  }
  return PQgetvalue(result.get(), 0, 0);
}

void Database::copy_begin(std::string_view table, std::string_view columns) {
  copy_table_ = table;
  const std::string sql =
      "copy " + copy_table_ + " (" + std::string(columns) + ") from stdin (format text)";
  const Result result(PQexec(connection_.get(), sql.c_str()));
  if (PQresultStatus(result.get()) != PGRES_COPY_IN) {
    fail("table " + copy_table_);
  }
}

void Database::copy_data(std::string_view bytes) {
  if (PQputCopyData(connection_.get(), bytes.data(), static_cast<int>(bytes.size())) != 1) {
    fail("table " + copy_table_);
  }
}

void Database::copy_end() {
  if (PQputCopyEnd(connection_.get(), nullptr) != 1) {
    fail("table " + copy_table_);
  }
  while (const Result result{PQgetResult(connection_.get())}) {
    if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) {
      fail("table " + copy_table_);
    }
  }
}

void Database::fail(std::string_view where) const {
  throw Error(trimmed(PQerrorMessage(connection_.get())),
              role_ + " database, " + std::string(where),
              "nothing was kept of this load: mend the cause and run it again");
}

}  // namespace mighost::dataset
