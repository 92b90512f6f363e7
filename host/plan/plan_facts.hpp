#pragma once
// What `mighost plan` says of an entity, in words and numbers, shared by its text and its JSON.
#include <string>
#include <string_view>
#include <vector>

#include "plan/deferral_choice.hpp"
#include "plan/plan.hpp"

namespace mighost {

/// Rows that one second moves, roughly: measured on two cores with the transform in between (design
/// 4).
inline constexpr double forecast_rows_per_second = 200'000;

/// Of all entities together; entities of unknown size count as 0.
double forecast_seconds(const Plan& plan);

std::string_view policy_name(mig_policy policy);        // reject, null, park
std::string_view severity_name(mig_severity severity);  // note, veto
std::string_view identity_name(mig_identity identity);  // uuid5, keep, assigned, natural

/// "uuid5 of id -> id", "looked up by code".
std::string identity_text(const Entity& entity);

DeferralChoice deferral_of(const PlannedEntity& planned, const RunConfig& config);

/// Tables that a deferral locks against readers and writers until COMMIT.
std::vector<std::string> locked_tables(const CatalogTable& target);

/// The plugins that take part in the plan, each once.
std::vector<const Plugin*> plugins_of(const Plan& plan);

/// One declared setting as it will be in force.
struct SettingInForce {
  std::string name, value;
  bool is_default = false;
};
std::vector<SettingInForce> settings_in_force(const Plugin& plugin, const RunConfig& config);

/// Columns of the source table that the entity does not read; empty for a query.
std::vector<std::string> unread_columns(const PlannedEntity& planned);

/// Target columns that nobody here writes: the server's default, or NULL.
std::vector<std::string> unwritten_columns(const PlannedEntity& planned);

/// "fires", "does not fire: configured", "is disabled in the database".
std::string trigger_fate(const CatalogTrigger& trigger, const EntityConfig& config);

}  // namespace mighost
