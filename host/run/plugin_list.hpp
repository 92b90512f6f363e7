#pragma once
// The plugins of a run, as the ledger keeps them.
#include <string>
#include <vector>

#include "plugin/manifest.hpp"

namespace mighost {

/// [{family, version, file, sha256}]
std::string plugins_json(const std::vector<const Plugin*>& plugins);

}  // namespace mighost
