#pragma once
// What `mighost list` prints: everything that the loaded plugins declare.
#include <string>
#include <vector>

#include "plugin/manifest.hpp"

namespace mighost {

std::string inventory_text(const std::vector<const Plugin*>& plugins, bool color);
std::string inventory_json(const std::vector<const Plugin*>& plugins);

}  // namespace mighost
