#pragma once
// References that a replay has set in rows of earlier runs, taken out again when it is undone.
#include "ledger/run_leaves.hpp"
#include "pg/catalog.hpp"

namespace mighost {

/// The columns of the entity that the replay's notes name as having been missing, with the query
/// that maps its keys.
struct HealedColumn {
  std::string name, mapping;
};
std::vector<HealedColumn> healed_columns(Session& target, const std::string& run_id,
                                         const std::string& entity);

/// SQL that sets the column to NULL in those of `rows` that had lacked it, for a condition on the
/// row `t` behind it. Empty when the table has no such column, or no key of one column.
std::string unset_sql(const std::string& run_id, const std::string& entity,
                      const CatalogTable& table, const HealedColumn& column,
                      const StagedRows& rows);

}  // namespace mighost
