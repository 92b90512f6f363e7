#include "config/plugin_tables.hpp"

#include "config/validation_tables.hpp"

namespace mighost {
namespace {

using Kind = SettingText::Kind;

// The text of a scalar, and its kind; nothing for what a setting cannot be.
std::optional<std::pair<std::string, Kind>> scalar(const toml::node& value) {
  if (const auto text = value.value_exact<std::string>()) {
    if (text->find('\0') != std::string::npos) return std::nullopt;
    return std::pair{*text, Kind::text};
  }
  if (const auto number = value.value_exact<std::int64_t>()) {
    return std::pair{std::to_string(*number), Kind::integer};
  }
  if (const auto flag = value.value_exact<bool>()) {
    return std::pair{std::string(*flag ? "true" : "false"), Kind::boolean};
  }
  return std::nullopt;
}

std::string next_for(const toml::node& value) {
  if (value.is_table() || value.is_array()) return "a list or table holds texts only";
  if (value.is_string()) return "remove the NUL character";
  return "write it in quotation marks";
}

// Turns one setting into its texts: one for a scalar, one per element or entry otherwise.
class SettingReader {
 public:
  SettingReader(std::string name, ConfigFaults& faults, std::vector<SettingText>& settings)
      : name_(std::move(name)), faults_(faults), settings_(settings) {}

  void read(const toml::node& value) {
    if (const toml::array* list = value.as_array()) {
      std::size_t index = 0;
      for (const toml::node& element : *list) add(element, std::to_string(index++), Kind::list);
      if (list->empty()) add_empty(value, Kind::list);
    } else if (const toml::table* map = value.as_table()) {
      for (const auto& [key, entry] : *map) add(entry, std::string(key.str()), Kind::map);
      if (map->empty()) add_empty(value, Kind::map);
    } else {
      add(value, "", Kind::text);
    }
  }

 private:
  // `kind` is that of the whole setting, or `text` for a scalar, which then tells its own.
  void add(const toml::node& value, const std::string& key, Kind kind) {
    const auto at = begin_of(value.source());
    const auto found = scalar(value);
    if (!found) {
      const std::string part = key.empty() ? "" : " (at " + key + ")";
      faults_.add(at.line, at.column,
                  "the setting `" + name_ + "`" + part + " cannot be " + kind_of_value(value),
                  next_for(value));
      return;
    }
    if (kind != Kind::text && found->second != Kind::text) {
      faults_.add(at.line, at.column,
                  "the setting `" + name_ + "` (at " + key + ") cannot be " + kind_of_value(value),
                  "a list or table holds texts only: write it in quotation marks");
      return;
    }
    settings_.push_back({name_, key, found->first, kind == Kind::text ? found->second : kind,
                         faults_.place(at.line, at.column)});
  }

  // An empty list or table must not vanish: one entry without key and value stands for it.
  void add_empty(const toml::node& value, Kind kind) {
    const auto at = begin_of(value.source());
    settings_.push_back({name_, "", "", kind, faults_.place(at.line, at.column)});
  }

  const std::string name_;
  ConfigFaults& faults_;
  std::vector<SettingText>& settings_;
};

EntityConfig read_entity(TableReader& table) {
  EntityConfig config;
  config.where = table.where("");
  config.enabled = table.boolean("enabled");
  if (const auto triggers = table.choice("triggers", {"fire", "disable"})) {
    config.triggers = *triggers == 0 ? Triggers::fire : Triggers::disable;
  }
  config.defer = read_defer(table);
  config.rejects = read_budget(table);
  config.checks = read_severities(table, config.check_places);
  table.refuse_unknown();
  return config;
}

// [entities.core.orders] is a table `core` with a table `orders` in it, which is not what was
// meant.
bool is_split_name(const std::string& name, const toml::table& table) {
  if (name.find('.') != std::string::npos) return false;
  for (const auto& [key, value] : table) {
    if (value.is_table()) return true;
  }
  return false;
}

}  // namespace

std::optional<Defer> read_defer(TableReader& table) {
  const auto found = table.choice("defer", {"auto", "always", "never"});
  if (!found) return std::nullopt;
  constexpr Defer values[] = {Defer::automatic, Defer::always, Defer::never};
  return values[*found];
}

std::map<std::string, PluginConfig> read_plugin_tables(TableReader& plugins) {
  std::map<std::string, PluginConfig> result;
  for (const auto& [key, value] : plugins.raw()) {
    const std::string family(key.str());
    const toml::table* table = plugins.table(family);
    if (table == nullptr) continue;
    PluginConfig& config = result[family];
    config.where = plugins.where(family);
    for (const auto& [name, setting] : *table) {
      SettingReader(std::string(name.str()), plugins.faults(), config.settings).read(setting);
    }
  }
  return result;
}

std::map<std::string, EntityConfig> read_entity_tables(TableReader& entities) {
  std::map<std::string, EntityConfig> result;
  for (const auto& [key, value] : entities.raw()) {
    const std::string name(key.str());
    const toml::table* table = entities.table(name);
    if (table == nullptr) continue;
    if (is_split_name(name, *table)) {
      const std::string meant = name + "." + std::string(table->begin()->first.str());
      entities.fault(name, "the entity's name is not in quotation marks",
                     "write [entities.\"" + meant + "\"]");
      continue;
    }
    if (name.find('.') == std::string::npos) {
      entities.fault(name, "`" + name + "` is not the name of an entity",
                     "write [entities.\"family.entity\"]");
      continue;
    }
    TableReader reader(*table, "[entities.\"" + name + "\"]", entities.faults());
    result[name] = read_entity(reader);
  }
  return result;
}

}  // namespace mighost
