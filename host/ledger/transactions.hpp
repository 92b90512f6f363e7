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

/// Who has written a row, as SQL over its alias: a table to be joined, one row at most for each
/// row, whose column is NULL where the last to write it was not mighost.
inline constexpr const char* writers_table =
    "(SELECT DISTINCT w.xmin AS writer FROM mighost.transactions AS w)";
/// The same as a condition.
std::string written_by_mighost(const std::string& alias);

/// Calls `update` twice, with a condition on the rows with this alias: for those that are as
/// mighost left them, and for those that somebody else has written since. The latter are written in
/// a transaction that is not recorded, so that they still tell.
void update_recorded(Session& target, const std::string& run_id, const std::string& alias,
                     const std::function<void(const std::string& condition)>& update);

/// Whether the ledger can tell all of the run's transactions by their xmin: not when it was
/// restored from a dump, also in the midst of the run, nor when the run was begun by a mighost that
/// did not record them.
bool records_transactions(Session& target, const std::string& run_id);

}  // namespace mighost
