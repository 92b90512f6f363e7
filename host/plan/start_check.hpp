#pragma once
// Settings that a plugin cannot mean are told before anything is touched: each entity that is to
// run is started once and ended at once.
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "config/run_config.hpp"
#include "plugin/manifest.hpp"
#include "plugin/settings.hpp"

namespace mighost {

/// Throws Error{Exit::usage} with what each plugin says of its settings.
void check_start(const std::vector<const Plugin*>& plugins, const RunConfig& config,
                 const std::set<std::string>& selected,
                 const std::map<std::string, std::shared_ptr<PluginSettings>>& settings);

}  // namespace mighost
