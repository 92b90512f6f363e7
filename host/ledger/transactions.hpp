#pragma once
// Which transactions wrote the rows of runs: table mighost.transactions has a row of each, whose
// xmin is theirs (PostgreSQL documentation, System Columns). A row of a target table with another
// xmin was written by somebody else since, whatever column that was about.
#include <functional>
#include <string>

#include "pg/session.hpp"

namespace mighost {

/// SQL, for the beginning of a transaction and behind each SAVEPOINT under which rows of target
/// tables are written: a savepoint has an xmin of its own.
std::string record_transaction_sql(const std::string& run_id);

/// SQL: the row with this alias is as a run, a replay or a rollback left it.
std::string written_by_mighost(const std::string& alias);

/// Calls `update` twice, with a condition on the rows with this alias: for those that are as
/// mighost left them, and for those that somebody else has written since. The latter are written in
/// a transaction that is not recorded, so that they still tell.
void update_recorded(Session& target, const std::string& run_id, const std::string& alias,
                     const std::function<void(const std::string& condition)>& update);

/// Whether the rows of a table tell who wrote them. They do not when all have been written anew,
/// as pg_restore and some forms of ALTER TABLE do. `table`: quoted.
bool tells_writers(Session& target, const std::string& table, const std::string& run_id);

}  // namespace mighost
