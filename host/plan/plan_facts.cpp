#include "plan/plan_facts.hpp"

#include <algorithm>
#include <set>

#include "plugin/manifest_rules.hpp"
#include "report/text.hpp"

namespace mighost {

double forecast_seconds(const Plan& plan) {
  double rows = 0;
  for (const auto& planned : plan.entities) rows += std::max(0.0, planned.expected_rows);
  return rows / forecast_rows_per_second;
}

std::string_view policy_name(mig_policy policy) {
  switch (policy) {
    case MIG_MISSING_REJECT:
      return "reject";
    case MIG_MISSING_NULL:
      return "null";
    default:
      return "park";
  }
}

std::string_view severity_name(mig_severity severity) {
  return severity == MIG_NOTE ? "note" : "veto";
}

std::string_view identity_name(mig_identity identity) {
  switch (identity) {
    case MIG_IDENTITY_UUID5:
      return "uuid5";
    case MIG_IDENTITY_KEEP:
      return "keep";
    case MIG_IDENTITY_ASSIGNED:
      return "assigned";
    default:
      return "natural";
  }
}

std::string identity_text(const Entity& entity) {
  std::vector<std::string> key;
  for (std::uint32_t i = 0; i < entity.n_key; ++i) key.push_back(entity.source_columns[i].name);
  std::string text = joined(key);
  if (entity.identity_column.empty()) {
    text += ", no new key";
  } else {
    text += " -> " + entity.identity_column;
    switch (entity.identity) {
      case MIG_IDENTITY_UUID5:
        text += " (UUIDv5 of the legacy key)";
        break;
      case MIG_IDENTITY_KEEP:
        text += " (kept as it is)";
        break;
      case MIG_IDENTITY_ASSIGNED:
        text += " (assigned by the handler)";
        break;
      default:
        text += " (looked up by " + joined(entity.natural_key) + ")";
    }
  }
  if (!entity.legacy_columns.empty()) text += ", kept in " + joined(entity.legacy_columns);
  return text;
}

DeferralChoice deferral_of(const PlannedEntity& planned, const RunConfig& config) {
  return choose_deferral(planned.target, planned.config.defer.value_or(config.load.defer),
                         planned.expected_rows, existing_rows_estimate(planned.target));
}

std::vector<std::string> locked_tables(const CatalogTable& target) {
  std::vector<std::string> tables = {target.shown()};
  const auto add = [&](const std::string& table) {
    if (std::find(tables.begin(), tables.end(), table) == tables.end()) tables.push_back(table);
  };
  for (const auto& constraint : target.constraints) {
    if (constraint.type == 'f') add(constraint.referenced);
  }
  for (const auto& constraint : target.referenced_by) add(constraint.table);
  return tables;
}

std::vector<const Plugin*> plugins_of(const Plan& plan) {
  std::vector<const Plugin*> plugins;
  const auto add = [&](const Plugin* plugin) {
    const bool known = std::find(plugins.begin(), plugins.end(), plugin) != plugins.end();
    if (!known) plugins.push_back(plugin);
  };
  for (const auto& planned : plan.entities) {
    add(planned.entity->plugin);
    for (const auto& each : planned.validators) add(each.validator->plugin);
  }
  return plugins;
}

std::vector<SettingInForce> settings_in_force(const Plugin& plugin, const RunConfig& config) {
  std::vector<SettingInForce> settings;
  const auto table = config.plugins.find(plugin.family);
  for (const auto& declared : plugin.settings) {
    std::vector<std::string> values;
    bool given = false;
    if (table != config.plugins.end()) {
      for (const auto& setting : table->second.settings) {
        if (setting.name != declared.name) continue;
        given = true;
        const bool is_entry = setting.kind == SettingText::Kind::map && !setting.key.empty();
        values.push_back(is_entry ? setting.key + " = " + setting.value : setting.value);
      }
    }
    std::string text;
    for (const auto& value : values) text += (text.empty() ? "" : ", ") + value;
    settings.push_back({declared.name, given ? text : declared.default_text, !given});
  }
  return settings;
}

std::vector<std::string> unread_columns(const PlannedEntity& planned) {
  std::vector<std::string> names;
  if (!planned.source || !planned.entity->source_query.empty()) return names;
  for (const auto& live : planned.source->columns) {
    if (find_column(planned.entity->source_columns, live.name) == nullptr) {
      names.push_back(live.name);
    }
  }
  return names;
}

std::vector<std::string> unwritten_columns(const PlannedEntity& planned) {
  std::vector<std::string> names;
  for (const auto& live : planned.target.columns) {
    const bool written = &live == planned.identity_type ||
                         find_column(planned.entity->target_columns, live.name) != nullptr;
    if (written) continue;
    const bool server_fills = live.has_default || live.generated || live.identity != ' ';
    names.push_back(live.name + (server_fills ? " (default)" : " (NULL)"));
  }
  return names;
}

std::string trigger_fate(const CatalogTrigger& trigger, const EntityConfig& config) {
  if (trigger.enabled == 'D') return "is disabled in the database";
  if (trigger.enabled == 'R') return "does not fire: it is for replicas only";
  return config.triggers == Triggers::disable ? "does not fire: disabled for the load" : "fires";
}

}  // namespace mighost
