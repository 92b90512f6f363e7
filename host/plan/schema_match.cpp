#include "plan/schema_match.hpp"

#include <algorithm>

#include "plan/table_hint.hpp"
#include "plan/type_match.hpp"
#include "report/nearest.hpp"
#include "report/text.hpp"

namespace mighost {
namespace {

const CatalogColumn* find_live(const std::vector<CatalogColumn>& columns, const std::string& name,
                               std::size_t& count) {
  const CatalogColumn* found = nullptr;
  count = 0;
  for (const auto& column : columns) {
    if (column.name != name) continue;
    found = &column;
    ++count;
  }
  return found;
}

void match_source_column(const Column& declared, bool is_key, bool is_query,
                         const CatalogColumn& live, PlannedEntity& planned, Faults& faults) {
  const std::string where = planned.entity->name + "." + declared.name;
  SourceFit fit = fit_source(live, declared.type);
  if (!fit.fits) {
    faults.push_back({where,
                      "the source column has the type " + live.type_name +
                          ", which cannot be read as " + std::string(type_name(declared.type)),
                      fit.remedy});
  }
  if (!fit.remark.empty()) {
    planned.remarks.push_back("source column " + declared.name + ": " + fit.remark);
  }
  if (!declared.nullable && !live.not_null && !is_query) {
    if (is_key) {
      faults.push_back({where, "the key column may be NULL in the source",
                        "choose a key that is NOT NULL there, or declare the source as a query "
                        "that leaves such rows out"});
    } else {
      planned.remarks.push_back("source column " + declared.name +
                                " may be NULL, but the plugin relies on it: rows with NULL there "
                                "are quarantined");
    }
  }
  planned.source_types.push_back(live);
  planned.source_selects.push_back(std::move(fit.select));
  planned.wire_columns.push_back(fit.wire);
}

void match_source_columns(const std::vector<CatalogColumn>& live_columns, bool is_query,
                          PlannedEntity& planned, Faults& faults) {
  const Entity& entity = *planned.entity;
  const std::string origin = is_query ? "the source query" : "the source table " + entity.source;
  for (std::size_t i = 0; i < entity.source_columns.size(); ++i) {
    const Column& declared = entity.source_columns[i];
    std::size_t count = 0;
    const CatalogColumn* live = find_live(live_columns, declared.name, count);
    if (live == nullptr) {
      faults.push_back({entity.name + "." + declared.name, origin + " has no such column",
                        nearest_hint(declared.name, names_of(live_columns))});
    } else if (count > 1) {
      faults.push_back({entity.name + "." + declared.name,
                        origin + " has " + std::to_string(count) + " columns of that name",
                        "give each column of the query a name of its own"});
    } else {
      match_source_column(declared, i < entity.n_key, is_query, *live, planned, faults);
    }
  }
}

void match_source_key(const CatalogTable& table, PlannedEntity& planned) {
  const Entity& entity = *planned.entity;
  std::vector<std::string> key;
  for (std::uint32_t i = 0; i < entity.n_key; ++i) key.push_back(entity.source_columns[i].name);
  if (key.empty() || table.has_unique_key(key)) return;
  std::string names;
  for (const auto& name : key) names += (names.empty() ? "" : ", ") + name;
  planned.remarks.push_back("no unique index on " + entity.source + " (" + names +
                            "): a second row with the same key is quarantined as duplicate_key");
}

/// A right on the whole table is the rule; rights on single columns serve as well.
void match_source_rights(const Entity& entity, const CatalogTable& table, Faults& faults) {
  if (table.can_select) return;
  std::vector<std::string> unreadable;
  for (const auto& declared : entity.source_columns) {
    const CatalogColumn* live = table.column(declared.name);
    if (live != nullptr && !live->can_select) unreadable.push_back(declared.name);
  }
  if (unreadable.empty()) return;
  const bool all = unreadable.size() == entity.source_columns.size();
  const std::string columns = all ? "" : " (" + joined(unreadable) + ")";
  faults.push_back({entity.name, "the source role may not read " + table.shown() + columns,
                    "GRANT USAGE on the schema and SELECT on the table to that role"});
}

}  // namespace

std::vector<std::string> names_of(const std::vector<CatalogColumn>& columns) {
  std::vector<std::string> names;
  names.reserve(columns.size());
  for (const auto& column : columns) names.push_back(column.name);
  return names;
}

void match_source(const SourceFacts& facts, PlannedEntity& planned, Faults& faults) {
  const Entity& entity = *planned.entity;
  if (!entity.source.empty() && !facts.table) {
    faults.push_back({entity.name, "the source table " + entity.source + " does not exist",
                      table_remedy(entity.source, facts.known_tables)});
  }
  if (facts.table && facts.table->row_security_active) {
    faults.push_back({entity.name,
                      "row-level security of the source table " + facts.table->shown() +
                          " hides rows from the source role",
                      "use the table's owner or a role with BYPASSRLS"});
  }
  if (facts.table && entity.source_query.empty()) {
    match_source_rights(entity, *facts.table, faults);
  }
  planned.source = facts.table;
  if (!entity.source_query.empty()) {
    if (facts.query) match_source_columns(*facts.query, true, planned, faults);
    faults.insert(faults.end(), facts.query_faults.begin(), facts.query_faults.end());
  } else if (facts.table) {
    match_source_columns(facts.table->columns, false, planned, faults);
    match_source_key(*facts.table, planned);
  }
}

}  // namespace mighost
