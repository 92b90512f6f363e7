#include "run/plugin_list.hpp"

#include <nlohmann/json.hpp>

namespace mighost {

std::string plugins_json(const std::vector<const Plugin*>& plugins) {
  nlohmann::json list = nlohmann::json::array();
  for (const Plugin* plugin : plugins) {
    list.push_back({{"family", plugin->family},
                    {"version", plugin->version},
                    {"file", plugin->file.filename().string()},
                    {"sha256", plugin->sha256}});
  }
  return list.dump();
}

std::string plugin_folder(const std::vector<const Plugin*>& plugins) {
  return plugins.empty() ? "" : plugins.front()->file.parent_path().string();
}

}  // namespace mighost
