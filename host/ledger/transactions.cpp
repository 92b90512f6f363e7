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
  // The first record of a transaction stands outside of savepoints, so its xmin is the number.
  // After a restore in one transaction many numbers have one xmin.
  const Rows found = target.query(
      "WITH t AS (SELECT w.xmin::text AS x, w.number::text::numeric AS n FROM mighost.transactions "
      "AS w WHERE w.run_id = $1) "
      "SELECT r.records_transactions AND EXISTS (SELECT FROM t) "
      "AND NOT EXISTS (SELECT FROM t GROUP BY n HAVING NOT bool_or(x::numeric = n % 4294967296)) "
      "AND NOT EXISTS (SELECT FROM t GROUP BY x HAVING count(DISTINCT n) > 1) "
      "FROM mighost.runs AS r WHERE r.run_id = $1",
      {run_id});
  return *found.value() == "t";
}

}  // namespace mighost
