#pragma once
// [plugins.<family>] and [entities."family.entity"]: what is said about things that only the
// plugins know. Names are checked against them later (plugin/settings.hpp).
#include "config/run_config.hpp"
#include "config/table_reader.hpp"

namespace mighost {

std::map<std::string, PluginConfig> read_plugin_tables(TableReader& plugins);
std::map<std::string, EntityConfig> read_entity_tables(TableReader& entities);

/// "auto", "always" or "never" at the key `defer`.
std::optional<Defer> read_defer(TableReader& table);

}  // namespace mighost
