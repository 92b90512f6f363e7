#pragma once
// The plugins of a run, as the ledger keeps them.
#include <string>
#include <vector>

#include "plugin/manifest.hpp"

namespace mighost {

/// [{family, version, file, sha256}]
std::string plugins_json(const std::vector<const Plugin*>& plugins);
/// The folder that they were loaded from; empty when there are none.
std::string plugin_folder(const std::vector<const Plugin*>& plugins);

}  // namespace mighost
