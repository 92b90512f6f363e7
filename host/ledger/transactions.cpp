#include "ledger/transactions.hpp"

namespace mighost {

std::string record_transaction_sql(const std::string& run_id) {
  return "INSERT INTO mighost.transactions VALUES (" + quote_literal(run_id) + ")";
}

std::string written_by_mighost(const std::string& alias) {
  return "EXISTS (SELECT FROM mighost.transactions AS w WHERE w.xmin = " + alias + ".xmin)";
}

void update_recorded(Session& target, const std::string& run_id, const std::string& alias,
                     const std::function<void(const std::string& condition)>& update) {
  target.execute("SAVEPOINT mighost_update; " + record_transaction_sql(run_id));
  update(written_by_mighost(alias));
  target.execute("RELEASE SAVEPOINT mighost_update; SAVEPOINT mighost_update");
  update("NOT " + written_by_mighost(alias));
  target.execute("RELEASE SAVEPOINT mighost_update");
}

bool records_transactions(Session& target, const std::string& run_id) {
  // Under a savepoint xmin is another number than that of the transaction.
  const Rows found = target.query(
      "SELECT r.records_transactions AND EXISTS (SELECT FROM mighost.transactions AS t WHERE "
      "t.run_id = r.run_id AND t.xmin::text::numeric = t.number::text::numeric % 4294967296) "
      "FROM mighost.runs AS r WHERE r.run_id = $1",
      {run_id});
  return *found.value() == "t";
}

}  // namespace mighost
