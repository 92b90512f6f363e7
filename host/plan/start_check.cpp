#include "plan/start_check.hpp"

#include "plugin/fault.hpp"
#include "report/error.hpp"

namespace mighost {
namespace {

/// What the entity's plugin says when it does not start; empty when it does.
std::string refusal(const Entity& entity, const PluginSettings& settings) {
  mig_error error{};
  error.struct_size = sizeof error;
  void* instance = entity.abi->begin(settings.abi(), &error);
  if (instance == nullptr) return *error.message != '\0' ? error.message : "it gives no reason";
  entity.abi->end(instance);
  return {};
}

}  // namespace

void check_start(const std::vector<const Plugin*>& plugins, const RunConfig& config,
                 const std::set<std::string>& selected,
                 const std::map<std::string, std::shared_ptr<PluginSettings>>& settings) {
  Faults faults;
  for (const Plugin* plugin : plugins) {
    for (const Entity& entity : plugin->entities) {
      if (selected.count(entity.name) == 0) continue;
      const std::string why = refusal(entity, *settings.at(plugin->family));
      if (why.empty()) continue;
      const auto table = config.plugins.find(plugin->family);
      const std::string where =
          table != config.plugins.end() ? table->second.where : config.file.string();
      faults.push_back(
          {where,
           "plugin " + plugin->family + " " + plugin->version + " does not start for " +
               entity.name + ": " + why,
           "correct [plugins." + plugin->family + "]; `mighost list` shows every " + "setting"});
    }
  }
  throw_if_any(faults, Exit::usage, "a plugin does not start", config.file.string(),
               "nothing was touched; correct the settings and run again");
}

}  // namespace mighost
