// A connection to one PostgreSQL database, and the two things the generator does with it: run SQL
// and take COPY data. Messages never repeat the connection string, which may hold a password.
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct pg_conn;

namespace mighost::dataset {

class Database {
 public:
  // `role` is "source" or "target", for messages.
  Database(std::string role, const std::string& url);

  // `where` says in messages which script or table the SQL belongs to.
  void execute(const std::string& sql, std::string_view where);
  std::string value(const std::string& sql, std::string_view where);

  void copy_begin(std::string_view table, std::string_view columns);
  void copy_data(std::string_view bytes);
  void copy_end();

  const std::string& role() const { return role_; }

 private:
  [[noreturn]] void fail(std::string_view where) const;

  struct Close {
    void operator()(pg_conn* connection) const;
  };

  std::string role_;
  std::string copy_table_;
  std::unique_ptr<pg_conn, Close> connection_;
};

}  // namespace mighost::dataset
