#include "plugin/settings.hpp"

#include <algorithm>
#include <charconv>
#include <deque>
#include <set>
#include <string>

#include "plugin/check_names.hpp"
#include "plugin/fault.hpp"
#include "report/nearest.hpp"

namespace mighost {
namespace {

std::string_view kind_name(mig_setting_kind kind) {
  switch (kind) {
    case MIG_SETTING_TEXT:
      return "a text";
    case MIG_SETTING_INTEGER:
      return "an integer";
    case MIG_SETTING_BOOLEAN:
      return "true or false";
    case MIG_SETTING_LIST:
      return "a list of texts";
    default:
      return "a table of texts";
  }
}

mig_setting_kind kind_of(SettingText::Kind kind) {
  switch (kind) {
    case SettingText::Kind::text:
      return MIG_SETTING_TEXT;
    case SettingText::Kind::integer:
      return MIG_SETTING_INTEGER;
    case SettingText::Kind::boolean:
      return MIG_SETTING_BOOLEAN;
    case SettingText::Kind::list:
      return MIG_SETTING_LIST;
    case SettingText::Kind::map:
      return MIG_SETTING_MAP;
  }
  return MIG_SETTING_TEXT;
}

bool is_integer(const std::string& text) {
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, number);
  return failure == std::errc{} && stop == end;
}

const Setting* find_setting(const Plugin& plugin, const std::string& name) {
  for (const auto& setting : plugin.settings) {
    if (setting.name == name) return &setting;
  }
  return nullptr;
}

/// What is wrong with one value, or an empty fault.
Fault value_fault(const Plugin& plugin, const SettingText& given) {
  const Setting* declared = find_setting(plugin, given.name);
  if (declared == nullptr) {
    std::vector<std::string> known;
    for (const auto& setting : plugin.settings) known.push_back(setting.name);
    std::string what = "the plugin " + plugin.family + " has no setting `" + given.name + "`";
    if (known.empty()) return {given.where, what, "it has no settings at all: remove the line"};
    return {given.where, std::move(what), nearest_hint(given.name, known)};
  }
  const mig_setting_kind kind = kind_of(given.kind);
  if (kind != declared->kind) {
    std::string next = "write " + std::string(kind_name(declared->kind));
    if (!declared->default_text.empty()) next += ", for example " + declared->default_text;
    return {given.where,
            "the setting `" + given.name + "` is " + std::string(kind_name(kind)) +
                ", but the plugin expects " + std::string(kind_name(declared->kind)),
            next};
  }
  if (kind == MIG_SETTING_INTEGER && !is_integer(given.value)) {
    return {given.where, "the setting `" + given.name + "` does not fit into 64 bits",
            "write an integer"};
  }
  if (kind == MIG_SETTING_BOOLEAN && given.value != "true" && given.value != "false") {
    return {given.where, "the setting `" + given.name + "` is neither true nor false",
            "write true or false"};
  }
  return {};
}

mig_str view(const std::string& text) { return {text.data(), text.size()}; }

}  // namespace

struct PluginSettings::Storage {
  std::deque<SettingText> texts;  // a deque, so that the views below stay valid
  std::deque<mig_setting_value> values;
  std::vector<const mig_setting_value*> pointers;
  mig_settings abi{};

  Storage() { abi.struct_size = sizeof abi; }

  void add(const SettingText& given) {
    const SettingText& kept = texts.emplace_back(given);
    mig_setting_value value{};
    value.struct_size = sizeof value;
    value.name = view(kept.name);
    value.key = view(kept.key);
    value.value = view(kept.value);
    pointers.push_back(&values.emplace_back(value));
    abi.values = pointers.data();
    abi.n_values = static_cast<std::uint32_t>(pointers.size());
  }
};

PluginSettings::PluginSettings() : storage_(std::make_unique<Storage>()) {}

PluginSettings::PluginSettings(const Plugin& plugin, const RunConfig& config) : PluginSettings() {
  const auto table = config.plugins.find(plugin.family);
  if (table == config.plugins.end()) return;
  Faults faults;
  std::set<std::string> told;  // a list of the wrong kind is one fault, not one per element
  for (const auto& given : table->second.settings) {
    Fault fault = value_fault(plugin, given);
    if (!fault.what.empty()) {
      if (told.insert(fault.what).second) faults.push_back(std::move(fault));
    } else {
      storage_->add(given);
    }
  }
  throw_if_any(faults, Exit::usage, "settings of the plugin " + plugin.family + " are wrong",
               config.file.string(), "correct the lines named above");
}

PluginSettings::~PluginSettings() = default;
PluginSettings::PluginSettings(PluginSettings&&) noexcept = default;
PluginSettings& PluginSettings::operator=(PluginSettings&&) noexcept = default;

const mig_settings* PluginSettings::abi() const { return &storage_->abi; }

std::vector<std::string> check_names_in_config(const std::vector<const Plugin*>& plugins,
                                               const RunConfig& config) {
  std::vector<std::string> families, entities, idle;
  for (const Plugin* plugin : plugins) {
    families.push_back(plugin->family);
    for (const auto& entity : plugin->entities) entities.push_back(entity.name);
  }
  const auto is_known = [](const std::vector<std::string>& known, const std::string& name) {
    return std::find(known.begin(), known.end(), name) != known.end();
  };
  // A family that is nothing like a loaded one was taken away; its settings wait for its return.
  const auto is_away = [&](const std::string& family) {
    return !is_known(families, family) && !nearest(family, families);
  };
  Faults faults;
  for (const auto& [family, table] : config.plugins) {
    if (is_known(families, family)) continue;
    const std::string named = "[plugins." + family + "] names no loaded plugin";
    if (is_away(family)) {
      idle.push_back(named + " (" + table.where + ")");
    } else {
      faults.push_back({table.where, named, nearest_hint(family, families)});
    }
  }
  for (const auto& [entity, table] : config.entities) {
    if (is_known(entities, entity)) continue;
    const std::string named = "[entities.\"" + entity + "\"] names no loaded entity";
    if (is_away(entity.substr(0, entity.find('.')))) {
      idle.push_back(named + " (" + table.where + ")");
    } else {
      faults.push_back({table.where, named, nearest_hint(entity, entities)});
    }
  }
  check_check_names(plugins, config, faults, idle);
  throw_if_any(faults, Exit::usage, "the configuration names what is not loaded",
               config.file.string(), "correct the names, or load the plugin that is meant");
  return idle;
}

}  // namespace mighost
