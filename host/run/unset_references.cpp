#include "run/unset_references.hpp"

namespace mighost {

std::vector<HealedColumn> healed_columns(Session& target, const std::string& run_id,
                                         const std::string& entity) {
  std::vector<HealedColumn> columns;
  const Rows rows = target.query(
      "SELECT DISTINCT n.column_name, m.query FROM mighost.notes n JOIN mighost.mapped_entities m "
      "USING (entity) WHERE n.taken_up_by = $1 AND n.entity = $2 AND n.column_name <> ''",
      {run_id, entity});
  for (const auto& row : rows.rows) columns.push_back({*row[0], *row[1]});
  return columns;
}

std::string unset_sql(const std::string& run_id, const std::string& entity,
                      const CatalogTable& table, const HealedColumn& healed,
                      const StagedRows& rows) {
  std::string id;
  for (const CatalogIndex& index : table.indexes) {
    if (index.primary && index.columns.size() == 1) id = index.columns.front();
  }
  if (id.empty() || table.column(healed.name) == nullptr) return {};
  const std::string column = quote_identifier(healed.name);
  // Only in rows that are as the run left them.
  return "UPDATE " + table.qualified() + " AS t SET " + column + " = NULL FROM (" + healed.mapping +
         ") AS m JOIN mighost.notes AS n ON n.legacy_key = m.legacy_key WHERE n.taken_up_by = " +
         quote_literal(run_id) + " AND n.entity = " + quote_literal(entity) +
         " AND n.column_name = " + quote_literal(healed.name) + " AND t." + quote_identifier(id) +
         "::text = m.new_key AND t." + column + " IS NOT NULL AND EXISTS (SELECT FROM " +
         rows.table + " AS u WHERE " + rows.same("u", "t") + ") AND ";
}

}  // namespace mighost
