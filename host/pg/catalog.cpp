#include "pg/catalog.hpp"

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

namespace mighost {
namespace {

using Row = std::vector<std::optional<std::string>>;

std::string text(const Row& row, std::size_t column) { return row.at(column).value_or(""); }
bool flag(const Row& row, std::size_t column) { return row.at(column) == "t"; }
char letter(const Row& row, std::size_t column, char none) {
  const auto& value = row.at(column);
  return value && !value->empty() ? value->front() : none;
}
std::uint32_t number(const Row& row, std::size_t column) {
  return static_cast<std::uint32_t>(std::strtoul(text(row, column).c_str(), nullptr, 10));
}

std::pair<std::string, std::string> split(const std::string& name) {
  const auto dot = name.find('.');
  if (dot == std::string::npos) return {"public", name};
  return {name.substr(0, dot), name.substr(dot + 1)};
}

constexpr const char* table_sql = R"(
SELECT c.oid, n.nspname, c.relname, c.relkind, c.relrowsecurity,
       pg_catalog.row_security_active(c.oid),
       pg_catalog.pg_has_role(c.relowner, 'USAGE'),
       s.usable AND pg_catalog.has_table_privilege(c.oid, 'SELECT'),
       s.usable AND pg_catalog.has_table_privilege(c.oid, 'INSERT'),
       s.usable AND pg_catalog.has_table_privilege(c.oid, 'UPDATE'),
       CASE WHEN c.reltuples = 0 AND c.relpages = 0 THEN -1 ELSE c.reltuples END,
       CASE WHEN c.relkind IN ('r', 'm', 't') THEN pg_catalog.pg_table_size(c.oid)
            WHEN c.relkind = 'p' THEN
              (SELECT pg_catalog.sum(pg_catalog.pg_table_size(p.relid))
                 FROM pg_catalog.pg_partition_tree(c.oid) p)
            ELSE 0 END,
       CASE WHEN c.relkind IN ('r', 'm') THEN pg_catalog.pg_relation_size(c.oid) > 0
            ELSE true END
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 CROSS JOIN LATERAL (SELECT pg_catalog.has_schema_privilege(n.oid, 'USAGE') AS usable) s
 WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p', 'v', 'm', 'f'))";

constexpr const char* columns_sql = R"(
WITH RECURSIVE base AS (
  SELECT a.attrelid, a.attnum, t.oid, t.typtype, t.typbasetype, t.typcategory,
         a.atttypmod AS modifier, false AS not_null, false AS has_default, 0 AS depth
    FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
   WHERE a.attrelid = ANY ($1::pg_catalog.oid[]) AND a.attnum > 0 AND NOT a.attisdropped
   UNION ALL
  SELECT b.attrelid, b.attnum, t.oid, t.typtype, t.typbasetype, t.typcategory, d.typtypmod,
         b.not_null OR d.typnotnull, b.has_default OR d.typdefault IS NOT NULL, b.depth + 1
    FROM base b JOIN pg_catalog.pg_type d ON d.oid = b.oid
    JOIN pg_catalog.pg_type t ON t.oid = b.typbasetype
   WHERE b.typtype = 'd')
SELECT DISTINCT ON (a.attrelid, a.attnum)
       a.attrelid, a.attname, a.atttypid, b.modifier,
       pg_catalog.format_type(a.atttypid, a.atttypmod),
       t.typtype, b.oid, b.typtype, b.typcategory, a.attnotnull OR b.not_null,
       (a.atthasdef AND a.attgenerated = '') OR b.has_default, a.attgenerated <> '',
       a.attidentity,
       s.usable AND pg_catalog.has_column_privilege(a.attrelid, a.attnum, 'SELECT'),
       s.usable AND pg_catalog.has_column_privilege(a.attrelid, a.attnum, 'INSERT')
  FROM base b
  JOIN (SELECT c.oid, pg_catalog.has_schema_privilege(c.relnamespace, 'USAGE') AS usable
          FROM pg_catalog.pg_class c WHERE c.oid = ANY ($1::pg_catalog.oid[])) s
    ON s.oid = b.attrelid
  JOIN pg_catalog.pg_attribute a ON a.attrelid = b.attrelid AND a.attnum = b.attnum
  JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
 ORDER BY a.attrelid, a.attnum, b.depth DESC)";

constexpr const char* triggers_sql = R"(
SELECT tgrelid, tgname, pg_catalog.pg_get_triggerdef(oid), tgenabled
  FROM pg_catalog.pg_trigger
 WHERE tgrelid = ANY ($1::pg_catalog.oid[]) AND NOT tgisinternal ORDER BY tgname)";

constexpr const char* indexes_sql = R"(
SELECT x.indrelid, i.relname, pg_catalog.pg_get_indexdef(x.indexrelid), con.conname,
       x.indisunique, x.indisprimary,
       x.indisunique AND x.indisvalid AND x.indimmediate AND x.indpred IS NULL
         AND x.indexprs IS NULL,
       CASE WHEN x.indexprs IS NOT NULL THEN '[]' ELSE
         (SELECT pg_catalog.json_agg(a.attname ORDER BY k.position)::pg_catalog.text
            FROM pg_catalog.unnest(x.indkey::pg_catalog.int2[])
                 WITH ORDINALITY AS k (attnum, position)
            JOIN pg_catalog.pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.attnum
           WHERE k.position <= x.indnkeyatts) END
  FROM pg_catalog.pg_index x
  JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
  LEFT JOIN pg_catalog.pg_constraint con
    ON con.conindid = x.indexrelid AND con.conrelid = x.indrelid AND con.contype IN ('p', 'u', 'x')
 WHERE x.indrelid = ANY ($1::pg_catalog.oid[]) ORDER BY i.relname)";

constexpr const char* constraints_sql = R"(
SELECT t.oid, c.conname, pg_catalog.pg_get_constraintdef(c.oid), c.contype,
       pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(r.relname),
       pg_catalog.quote_ident(fn.nspname) || '.' || pg_catalog.quote_ident(f.relname),
       c.conrelid = t.oid, c.conrelid
  FROM (SELECT conrelid, oid FROM pg_catalog.pg_constraint
         WHERE conrelid = ANY ($1::pg_catalog.oid[])
         UNION ALL
        SELECT confrelid, oid FROM pg_catalog.pg_constraint
         WHERE contype = 'f' AND confrelid = ANY ($1::pg_catalog.oid[])
           AND confrelid <> conrelid) AS t (oid, constraint_oid)
  JOIN pg_catalog.pg_constraint c ON c.oid = t.constraint_oid
  JOIN pg_catalog.pg_class r ON r.oid = c.conrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace
  LEFT JOIN pg_catalog.pg_class f ON f.oid = c.confrelid AND c.contype = 'f'
  LEFT JOIN pg_catalog.pg_namespace fn ON fn.oid = f.relnamespace
 WHERE c.contype IN ('c', 'f', 'p', 'u', 'x')
 ORDER BY c.conname, r.relname)";

CatalogColumn column_of(const Row& row) {
  CatalogColumn column;
  column.name = text(row, 1);
  column.type_oid = number(row, 2);
  column.type_modifier = std::atoi(text(row, 3).c_str());
  column.type_name = text(row, 4);
  column.type_type = letter(row, 5, 'b');
  column.base_type_oid = number(row, 6);
  column.base_type_type = letter(row, 7, 'b');
  column.category = letter(row, 8, 'U');
  column.not_null = flag(row, 9);
  column.has_default = flag(row, 10);
  column.generated = flag(row, 11);
  column.identity = letter(row, 12, ' ');
  column.can_select = flag(row, 13);
  column.can_insert = flag(row, 14);
  return column;
}

std::vector<std::string> json_texts(const std::string& json) {
  if (json.empty()) return {};
  return nlohmann::json::parse(json).get<std::vector<std::string>>();
}

CatalogIndex index_of(const Row& row) {
  CatalogIndex index;
  index.name = text(row, 1);
  index.definition = text(row, 2);
  index.constraint = text(row, 3);
  index.unique = flag(row, 4);
  index.primary = flag(row, 5);
  index.proves_key = flag(row, 6);
  index.columns = json_texts(text(row, 7));
  return index;
}

void add_constraint(const Row& row, CatalogTable& table) {
  CatalogConstraint constraint;
  constraint.name = text(row, 1);
  constraint.definition = text(row, 2);
  constraint.type = letter(row, 3, 'c');
  constraint.table = text(row, 4);
  constraint.referenced = text(row, 5);
  constraint.table_oid = number(row, 7);
  auto& list = flag(row, 6) ? table.constraints : table.referenced_by;
  list.push_back(std::move(constraint));
}

/// Asks once for all tables; a row says in its first column whose it is.
template <class Use>
void for_each_row(Session& session, const char* sql, const std::vector<CatalogTable*>& tables,
                  Use use) {
  std::multimap<std::uint32_t, CatalogTable*> by_oid;
  std::string oids;
  for (CatalogTable* table : tables) {
    if (by_oid.count(table->oid) == 0) {
      oids += (oids.empty() ? "" : ",") + std::to_string(table->oid);
    }
    by_oid.emplace(table->oid, table);
  }
  if (oids.empty()) return;
  for (const Row& row : session.query(sql, {"{" + oids + "}"}).rows) {
    const auto [first, last] = by_oid.equal_range(number(row, 0));
    for (auto at = first; at != last; ++at) use(row, *at->second);
  }
}

}  // namespace

const CatalogColumn* CatalogTable::column(const std::string& column_name) const {
  for (const auto& known : columns) {
    if (known.name == column_name) return &known;
  }
  return nullptr;
}

std::string CatalogTable::qualified() const {
  return quote_identifier(schema) + "." + quote_identifier(name);
}

bool CatalogTable::has_unique_key(const std::vector<std::string>& key) const {
  return std::any_of(indexes.begin(), indexes.end(), [&](const CatalogIndex& index) {
    return index.proves_key && index.columns.size() == key.size() &&
           std::is_permutation(key.begin(), key.end(), index.columns.begin());
  });
}

std::optional<CatalogTable> find_table(Session& session, const std::string& name) {
  const auto [schema, relation] = split(name);
  const Rows found = session.query(table_sql, {schema, relation});
  if (found.empty()) return std::nullopt;
  const Row& row = found.rows.front();
  CatalogTable table;
  table.oid = number(row, 0);
  table.schema = text(row, 1);
  table.name = text(row, 2);
  table.kind = letter(row, 3, 'r');
  table.row_security = flag(row, 4);
  table.row_security_active = flag(row, 5);
  table.owned = flag(row, 6);
  table.can_select = flag(row, 7);
  table.can_insert = flag(row, 8);
  table.can_update = flag(row, 9);
  table.estimated_rows = std::strtod(text(row, 10).c_str(), nullptr);
  table.bytes = std::strtoull(text(row, 11).c_str(), nullptr, 10);
  table.has_pages = flag(row, 12);
  return table;
}

void read_columns(Session& session, const std::vector<CatalogTable*>& tables) {
  for_each_row(session, columns_sql, tables, [](const Row& row, CatalogTable& table) {
    table.columns.push_back(column_of(row));
  });
}

void read_parts(Session& session, const std::vector<CatalogTable*>& tables) {
  read_columns(session, tables);
  for_each_row(session, triggers_sql, tables, [](const Row& row, CatalogTable& table) {
    table.triggers.push_back({text(row, 1), text(row, 2), letter(row, 3, 'O')});
  });
  for_each_row(session, indexes_sql, tables,
               [](const Row& row, CatalogTable& table) { table.indexes.push_back(index_of(row)); });
  for_each_row(session, constraints_sql, tables, add_constraint);
}

std::optional<CatalogTable> read_table(Session& session, const std::string& name) {
  auto table = find_table(session, name);
  if (table) read_parts(session, {&*table});
  return table;
}

std::vector<std::string> table_names(Session& session) {
  const Rows rows = session.query(R"(
SELECT n.nspname || '.' || c.relname
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
   AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'mighost')
 ORDER BY n.nspname, c.relname)");
  std::vector<std::string> names;
  for (const auto& row : rows.rows) names.push_back(text(row, 0));
  return names;
}

}  // namespace mighost
