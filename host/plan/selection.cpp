#include "plan/selection.hpp"

#include <algorithm>

#include "plan/absent_parents.hpp"
#include "plan/graph.hpp"
#include "report/nearest.hpp"

namespace mighost {
namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_on(const Entity& entity, const EntityConfig& config) {
  return config.enabled.value_or(!entity.optional);
}

using LeftOut = std::map<std::string, std::string>;

void check_names(const std::vector<const Plugin*>& plugins, const RunConfig& config,
                 const Selection& selection, const LeftOut& left_out, Faults& faults) {
  std::vector<std::string> families;
  families.reserve(plugins.size());
  for (const Plugin* plugin : plugins) families.push_back(plugin->family);
  for (const auto& family : selection.families) {
    if (contains(families, family)) continue;
    faults.push_back(
        {family, "no loaded plugin provides this family", nearest_hint(family, families)});
  }
  for (const auto& name : selection.only) {
    const Entity* entity = find_entity(plugins, name);
    if (entity == nullptr) {
      faults.push_back(
          {name, "no loaded plugin has this entity", missing_entity_remedy(plugins, name)});
      continue;
    }
    if (const auto out = left_out.find(name); out != left_out.end()) {
      faults.push_back({name, out->second, "load that plugin too, or do not ask for it"});
      continue;
    }
    const EntityConfig settings = entity_config(config, name);
    if (is_on(*entity, settings)) continue;
    if (settings.enabled) {
      faults.push_back({name, "it is switched off (" + settings.where + ")",
                        "set enabled = true there, or do not ask for it"});
    } else {
      faults.push_back({name, "it is optional, and the configuration does not switch it on",
                        "add [entities.\"" + name + "\"] with enabled = true"});
    }
  }
}

}  // namespace

EntityConfig entity_config(const RunConfig& config, const std::string& entity) {
  const auto found = config.entities.find(entity);
  return found == config.entities.end() ? EntityConfig{} : found->second;
}

std::set<std::string> selected_entities(const std::vector<const Plugin*>& plugins,
                                        const RunConfig& config, const Selection& selection) {
  Faults faults;
  const LeftOut left_out = left_out_entities(plugins);
  check_names(plugins, config, selection, left_out, faults);
  throw_if_any(faults, Exit::usage, "the selection cannot be met", "command line",
               "`mighost list` shows families and entities");
  std::set<std::string> selected;
  for (const Entity* entity : all_entities(plugins)) {
    const bool wanted = selection.all() || contains(selection.only, entity->name) ||
                        contains(selection.families, entity->family);
    if (wanted && left_out.count(entity->name) == 0 &&
        is_on(*entity, entity_config(config, entity->name))) {
      selected.insert(entity->name);
    }
  }
  if (selected.empty()) {
    throw Error(Exit::usage, "no entity is selected: there is nothing to do", config.file.string(),
                "load a plugin with entities, or switch entities on in the configuration");
  }
  return selected;
}

}  // namespace mighost
