#pragma once
// Who looks at an entity besides its own plugin: which validators, assertions and control totals of
// which plugin, and what the configuration makes of them.
#include <set>
#include <string>
#include <vector>

#include "plan/plan.hpp"
#include "plugin/fault.hpp"

namespace mighost {

/// What keeps the validator from looking at the entity, as a sentence; empty when nothing does.
std::string validator_obstacle(const Validator& validator, const Entity& entity);

/// Gives the entity the validators that apply to it and are not off, and refuses those that name it
/// but cannot look at it.
void match_validators(const std::vector<const Plugin*>& plugins, const RunConfig& config,
                      PlannedEntity& planned, Faults& faults);

/// The entity's assertions and control totals with those of its validators. A validator of several
/// entities asserts once: `asserted` remembers which have.
void list_checks(const RunConfig& config, std::set<const Validator*>& asserted,
                 PlannedEntity& planned);

}  // namespace mighost
