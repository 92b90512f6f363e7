#pragma once
// What the host needs to know of a live database's catalogs: relations, columns, and for target
// tables everything that a load must respect or restore (PostgreSQL documentation, chapter 53).
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "pg/session.hpp"

namespace mighost {

struct CatalogColumn {
  std::string name;
  std::uint32_t type_oid = 0;
  std::int32_t type_modifier = -1;  // of a domain: its base type's
  std::string type_name;            // format_type(): "character varying(10)"
  char type_type = 'b';             // pg_type.typtype: b base, e enum, d domain
  std::uint32_t base_type_oid = 0;  // of a domain, else type_oid
  char base_type_type = 'b';        // pg_type.typtype of the base type
  char category = 'U';  // pg_type.typcategory of the base type: 'S' text-like, 'A' array
  bool not_null = false;
  bool has_default = false;
  bool generated = false;                     // GENERATED ALWAYS AS (...) STORED
  bool can_select = true, can_insert = true;  // of a table's column: the session's role
  char identity = ' ';                        // 'a' always, 'd' by default
};

struct CatalogTrigger {
  std::string name;
  std::string definition;  // pg_get_triggerdef
  char enabled = 'O';      // tgenabled
};

struct CatalogIndex {
  std::string name;
  std::string definition;  // pg_get_indexdef
  std::string constraint;  // that it stands behind, or empty
  bool unique = false, primary = false;
  /// A unique index that holds for all rows, at once: valid, not partial, without expressions, not
  /// deferrable.
  bool proves_key = false;
  std::vector<std::string> columns;  // key columns; empty with expressions
};

struct CatalogConstraint {
  std::string name, definition;  // pg_get_constraintdef
  char type = 'c';         // contype: c check, f foreign key, p primary key, u unique, x exclusion
  std::string table;       // quoted; the table that has it (another one for `referenced_by`)
  std::string referenced;  // quoted; of a foreign key
  std::uint32_t table_oid = 0;
};

struct CatalogTable {
  std::string schema, name;
  std::uint32_t oid = 0;
  char kind = 'r';                   // relkind
  bool row_security = false;         // policies are enabled on it
  bool row_security_active = false;  // ... and they apply to the session's role
  bool owned = false;                // the session's role may ALTER it
  bool can_select = false, can_insert = false, can_update = false;
  double estimated_rows = -1;  // pg_class.reltuples, -1: never analysed
  std::uint64_t bytes = 0;     // with TOAST, without indexes
  bool has_pages = true;       // false: certainly empty
  std::vector<CatalogColumn> columns;
  std::vector<CatalogTrigger> triggers;  // user triggers only
  std::vector<CatalogIndex> indexes;
  std::vector<CatalogConstraint> constraints;
  std::vector<CatalogConstraint> referenced_by;  // foreign keys of other tables that lead here

  const CatalogColumn* column(const std::string& column_name) const;
  std::string qualified() const;  // quoted: "public"."offices"
  std::string shown() const { return schema + "." + name; }
  bool has_unique_key(const std::vector<std::string>& key) const;  // on exactly these columns
};

/// The relation, or nothing. `name` is "schema.table" or "table" (then schema public).
std::optional<CatalogTable> read_table(Session& session, const std::string& name);

/// The same without columns, triggers, indexes and constraints. Waits for whoever has a table
/// locked, as reading those does.
std::optional<CatalogTable> find_table(Session& session, const std::string& name);

/// Adds these, or the columns alone, to relations that were found: one query each for all of them.
void read_parts(Session& session, const std::vector<CatalogTable*>& tables);
void read_columns(Session& session, const std::vector<CatalogTable*>& tables);

/// All "schema.table" names of ordinary tables outside the system schemas, for "did you mean"
/// hints.
std::vector<std::string> table_names(Session& session);

/// The columns that `query` yields, without running it. Throws SqlError, and leaves an open
/// transaction usable.
std::vector<CatalogColumn> query_columns(Session& session, const std::string& query);

/// Why the server would not run `sql`, found by preparing it; nothing when it would. An open
/// transaction stays usable.
std::optional<ServerError> refusal(Session& session, const std::string& sql);

/// What the server's planner expects of a query, which it does not run.
struct QueryEstimate {
  double rows = -1;                    // -1: unknown
  std::vector<std::string> tables;     // "schema.table" that it would read
  std::optional<ServerError> refused;  // for example for lack of privileges
};
QueryEstimate estimate_query(Session& session, const std::string& query);

}  // namespace mighost
