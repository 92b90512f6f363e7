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

/// Sets the column to NULL in those of `rows` that had lacked it. Returns how many.
std::uint64_t unset_column(Session& target, const std::string& run_id, const std::string& entity,
                           const CatalogTable& table, const HealedColumn& column,
                           const StagedRows& rows);

}  // namespace mighost
