#pragma once
// Which entities run: what the command line asks for, what the configuration switches on and off.
#include <set>
#include <string>
#include <vector>

#include "plan/plan.hpp"

namespace mighost {

/// Names of the entities that run. Throws Error{Exit::usage} for a name that is not loaded, for one
/// that is switched off, and when nothing is left.
std::set<std::string> selected_entities(const std::vector<const Plugin*>& plugins,
                                        const RunConfig& config, const Selection& selection);

/// The configuration of an entity, or the defaults.
EntityConfig entity_config(const RunConfig& config, const std::string& entity);

}  // namespace mighost
