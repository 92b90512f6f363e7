#pragma once
// mighost.migration_mappings: legacy key and new key of every row that went. Where the target table
// has the legacy key itself, the table is the mapping; only what it cannot tell is recorded row by
// row in mighost.new_keys: keys of entities without legacy columns, and rows that came into a table
// which had rows already. It is a function with queries as data, not a view over the target's
// tables, because such a view would stand in the way of every later change of those tables.
#include <string>

#include "plan/plan.hpp"

namespace mighost {

/// The query that finds (legacy_key, new_key, new_id, run_id) of an entity's rows in the target;
/// empty for an entity without an identity column.
std::string mapping_query(const PlannedEntity& planned);

/// Stores the queries of the plan's entities, inside the run's transaction.
void record_mappings(Session& target, const Plan& plan);

}  // namespace mighost
