#pragma once
// Rows that went without a reference, because its parent was not there: when a replay finds the
// parent now, the column is set where it is still NULL and a note tells that it was missing.
// Nothing else of such a row is touched.
#include <string>

#include "run/entity_context.hpp"
#include "run/run_context.hpp"

namespace mighost {

/// Creates the temporary table (id, legacy_key) of an entity's rows to heal. Empty for an entity
/// without an identity column: its rows are found by their legacy columns.
std::string create_healing_table(RunContext& run, const PlannedEntity& planned,
                                 std::size_t position);

/// Sets what can be set, from the comparison table, and remembers the rows in the run. References
/// that the server refuses are left out, each by itself, and `report` says so.
void heal_rows(RunContext& run, const PlannedEntity& planned, const std::string& comparison_table,
               const std::string& healing_table, EntityReport& report);

/// SQL: a note that an earlier run left tells that this row lacks this reference. `key` is the SQL
/// of the row's legacy key.
std::string waits_by_note(const RunContext& run, const std::string& entity, const std::string& key,
                          const std::string& column);

}  // namespace mighost
