#pragma once
// The names in [validation.checks] and in the `checks` of an entity, against the built-in checks
// and what the plugins declare: a severity that nothing listens to would be a gap nobody sees.
#include <string>
#include <vector>

#include "config/run_config.hpp"
#include "plugin/fault.hpp"
#include "plugin/manifest.hpp"

namespace mighost {

/// Adds a fault for each unknown name and for each severity that its check cannot have, and to
/// `idle` a sentence for each name of a plugin that is not loaded at all.
void check_check_names(const std::vector<const Plugin*>& plugins, const RunConfig& config,
                       Faults& faults, std::vector<std::string>& idle);

}  // namespace mighost
