#include "validate/legacy_keys.hpp"

#include <algorithm>

namespace mighost {
namespace {

/// Two entities that share table and columns have two id spaces: the same number is no duplicate.
const Entity* sharing_entity(const Plan& plan, const PlannedEntity& planned) {
  for (const PlannedEntity& other : plan.entities) {
    if (other.entity != planned.entity && other.target.oid == planned.target.oid &&
        other.entity->identity != MIG_IDENTITY_NATURAL &&
        key_columns(*other.entity) == key_columns(*planned.entity)) {
      return other.entity;
    }
  }
  return nullptr;
}

const CatalogIndex* proving_index(const CatalogTable& table, std::vector<std::string> key) {
  std::sort(key.begin(), key.end());
  for (const CatalogIndex& index : table.indexes) {
    std::vector<std::string> columns = index.columns;
    std::sort(columns.begin(), columns.end());
    if (index.proves_key && columns == key) return &index;
  }
  return nullptr;
}

std::string key_list(const std::vector<std::string>& columns) {
  std::string list;
  for (const auto& column : columns) {
    list += (list.empty() ? "t." : ", t.") + quote_identifier(column);
  }
  return list;
}

}  // namespace

std::vector<std::string> key_columns(const Entity& entity) {
  if (!entity.legacy_columns.empty()) return entity.legacy_columns;
  if (entity.identity == MIG_IDENTITY_KEEP) return {entity.identity_column};
  return {};
}

std::string key_sql(const Entity& entity, const std::string& alias) {
  std::vector<std::string> columns = key_columns(entity);
  if (columns.empty() && !entity.identity_column.empty()) columns = {entity.identity_column};
  std::string sql;
  for (const auto& column : columns) {
    sql += (sql.empty() ? "" : " || '/' || ") + alias + "." + quote_identifier(column) + "::text";
  }
  return sql.empty() ? "NULL::text" : sql;
}

std::string own_rows(const Entity& entity, const std::string& alias, bool whole) {
  std::string where;
  if (whole) return where;
  for (const auto& column : entity.legacy_columns) {
    where += (where.empty() ? " WHERE " : " AND ") + alias + "." + quote_identifier(column) +
             " IS NOT NULL";
  }
  return where;
}

Looked check_legacy_keys(const Plan& plan, const PlannedEntity& planned, Session& target,
                         std::uint32_t keys_shown) {
  const std::vector<std::string> key = key_columns(*planned.entity);
  if (key.empty()) return {};
  if (const CatalogIndex* index = proving_index(planned.target, key)) {
    return {.remark = "held by index " + index->name};
  }
  if (const Entity* other = sharing_entity(plan, planned)) {
    return {.skipped = other->name + " has its keys in the same columns"};
  }
  const std::string list = key_list(key);
  const std::string twice = " FROM " + planned.target.qualified() + " AS t" +
                            own_rows(*planned.entity, "t", false) + " GROUP BY " + list +
                            " HAVING count(*) > 1";
  const Rows counts = target.query(
      "SELECT count(*), coalesce(sum(n), 0) FROM (SELECT count(*) AS n" + twice + ") AS twice");
  const std::uint64_t keys = std::stoull(*counts.at(0, 0));
  if (keys == 0) return {};
  Trouble trouble{std::to_string(keys) + (keys == 1 ? " legacy key stands" : " legacy keys stand") +
                      " more than once in " + planned.target.shown() + ", in " + *counts.at(0, 1) +
                      " rows",
                  keys};
  for (const auto& row : target
                             .query("SELECT " + key_sql(*planned.entity, "t") + twice +
                                    " ORDER BY " + list + " LIMIT " + std::to_string(keys_shown))
                             .rows) {
    trouble.keys.push_back(row.front().value_or("NULL"));
  }
  return {.troubles = {std::move(trouble)}};
}

}  // namespace mighost
