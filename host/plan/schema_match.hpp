#pragma once
// One entity's manifest against what the live catalogs say. Works on facts that have been read
// before, so that each rule can be tested without a server.
#include <optional>
#include <string>
#include <vector>

#include "pg/catalog.hpp"
#include "plan/plan.hpp"
#include "plugin/fault.hpp"

namespace mighost {

/// What the source database says about an entity's rows.
struct SourceFacts {
  std::optional<CatalogTable> table;                // of `source`, when it exists
  std::optional<std::vector<CatalogColumn>> query;  // of `source_query`, when the server takes it
  Faults query_faults;                              // why it does not
  std::vector<std::string> known_tables;            // for "did you mean"
};

/// Fills the source side of `planned` (types, selects, wire columns).
void match_source(const SourceFacts& facts, PlannedEntity& planned, Faults& faults);

/// Fills the target side from planned.target, which must have been read.
void match_target(PlannedEntity& planned, Faults& faults);

/// The target table is not there, or no table.
Fault missing_target(const Entity& entity, const std::vector<std::string>& known_tables);

/// Each reference's live column against the live identity column of its parent's table.
void match_reference(const Reference& reference, const PlannedEntity& child, const Entity& parent,
                     const CatalogTable* parent_table, Faults& faults);

/// `parent` does not run now: its rows must be found in the target by what the manifest says.
void match_read_only_parent(const Entity& parent, const CatalogTable* table,
                            const std::string& asked_by, Faults& faults);

std::vector<std::string> names_of(const std::vector<CatalogColumn>& columns);

}  // namespace mighost
