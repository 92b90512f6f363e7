#pragma once
// Check `legacy_keys`: no legacy key stands twice in its table. And the SQL by which checks name
// rows.
#include "plan/plan.hpp"
#include "validate/check_runner.hpp"

namespace mighost {

/// Where a unique index covers exactly these columns the server has proved it: that its definition
/// is still there is what the check `structure` looks at.
Looked check_legacy_keys(const Plan& plan, const PlannedEntity& planned, Session& target,
                         std::uint32_t keys_shown);

/// The columns that tell which row of the source a row came from; empty when there is none.
std::vector<std::string> key_columns(const Entity& entity);
/// SQL that is the key of a row of `alias` as text, parts joined by '/'.
std::string key_sql(const Entity& entity, const std::string& alias);
/// " WHERE ..." that leaves out others' rows, or nothing when all rows are this run's.
std::string own_rows(const Entity& entity, const std::string& alias, bool whole);

}  // namespace mighost
