#include "ledger/mappings.hpp"

#include "pg/session.hpp"

namespace mighost {
namespace {

/// The legacy key as text, as decision 005 writes it: columns joined with '/', texts escaped.
std::string legacy_key_text(const Entity& entity) {
  std::string text;
  for (std::size_t i = 0; i < entity.legacy_columns.size(); ++i) {
    std::string part = "t." + quote_identifier(entity.legacy_columns[i]) + "::text";
    if (entity.source_columns[i].type == MIG_TEXT) {
      part = "replace(replace(" + part + R"sql(, '\', '\\'), '/', '\/'))sql";
    }
    text += (text.empty() ? "" : " || '/' || ") + part;
  }
  return text;
}

/// The record of each key that came last: a row that was deleted may have come again.
std::string recorded(const Entity& entity) {
  return "(SELECT DISTINCT ON (k.legacy_key) k.legacy_key, k.new_key, k.run_id "
         "FROM mighost.new_keys k JOIN mighost.runs USING (run_id) WHERE k.entity = " +
         quote_literal(entity.name) + " ORDER BY k.legacy_key, started_at DESC)";
}

}  // namespace

std::string mapping_query(const PlannedEntity& planned) {
  const Entity& entity = *planned.entity;
  if (entity.identity_column.empty()) return {};
  const std::string id = "t." + quote_identifier(entity.identity_column);
  const CatalogColumn* column = planned.target.column(entity.identity_column);
  const bool is_uuid = column != nullptr && column->type_name == "uuid";
  const std::string new_id = is_uuid ? id : "NULL::uuid";
  const std::string from = planned.target.qualified() + " AS t";
  if (entity.legacy_columns.empty()) {
    return "SELECT k.legacy_key, k.new_key, " + new_id + " AS new_id, k.run_id FROM " + from +
           " JOIN " + recorded(entity) + " AS k ON k.new_key = " + id + "::text";
  }
  const std::string key = legacy_key_text(entity);
  return "SELECT " + key + " AS legacy_key, " + id + "::text AS new_key, " + new_id +
         " AS new_id, coalesce(k.run_id, w.run_id) AS run_id FROM " + from + " LEFT JOIN " +
         recorded(entity) + " AS k ON k.legacy_key = " + key +
         " LEFT JOIN (SELECT run_id FROM mighost.steps JOIN mighost.runs USING (run_id) "
         "WHERE whole AND entity = " +
         quote_literal(entity.name) + " ORDER BY started_at DESC LIMIT 1) AS w ON true WHERE " +
         key + " IS NOT NULL AND (k.run_id IS NOT NULL OR w.run_id IS NOT NULL)";
}

void record_mappings(Session& target, const Plan& plan) {
  for (const PlannedEntity& planned : plan.entities) {
    const std::string query = mapping_query(planned);
    if (query.empty()) continue;
    target.query(
        "INSERT INTO mighost.mapped_entities VALUES ($1, $2) "
        "ON CONFLICT (entity) DO UPDATE SET query = excluded.query",
        {planned.entity->name, query});
  }
}

}  // namespace mighost
