#pragma once
// Rows that went with a note, because a parent was not there: when a replay finds their parents
// now, the columns of nullable references are set where they are still NULL. Nothing else of such a
// row is touched.
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

}  // namespace mighost
