#include "ledger/transactions.hpp"

namespace mighost {

std::string record_transaction_sql(const std::string& run_id) {
  return "INSERT INTO mighost.transactions VALUES (" + quote_literal(run_id) + ")";
}

std::string written_by_mighost(const std::string& alias) {
  return alias + ".xmin IN (SELECT w.xmin FROM mighost.transactions AS w)";
}

void update_recorded(Session& target, const std::string& run_id, const std::string& alias,
                     const std::function<void(const std::string& condition)>& update) {
  target.execute("SAVEPOINT mighost_update; " + record_transaction_sql(run_id));
  update(written_by_mighost(alias));
  target.execute("RELEASE SAVEPOINT mighost_update; SAVEPOINT mighost_update");
  update("NOT (" + written_by_mighost(alias) + ")");
  target.execute("RELEASE SAVEPOINT mighost_update");
}

bool tells_writers(Session& target, const std::string& table, const std::string& run_id) {
  const Rows found =
      target.query("SELECT EXISTS (SELECT FROM " + table +
                       " AS t WHERE t.xmin IN (SELECT w.xmin FROM mighost.transactions AS w WHERE "
                       "w.run_id = $1))",
                   {run_id});
  return *found.value() == "t";
}

}  // namespace mighost
