#include <nlohmann/json.hpp>

#include "plan/plan_facts.hpp"

namespace mighost {
namespace {

using Json = nlohmann::ordered_json;

Json source_columns_json(const PlannedEntity& planned) {
  Json list = Json::array();
  const auto& declared = planned.entity->source_columns;
  for (std::size_t i = 0; i < declared.size() && i < planned.source_types.size(); ++i) {
    list.push_back({{"name", declared[i].name},
                    {"key", i < planned.entity->n_key},
                    {"type", type_name(declared[i].type)},
                    {"nullable", declared[i].nullable},
                    {"live_type", planned.source_types[i].type_name},
                    {"select", planned.source_selects[i]}});
  }
  return list;
}

Json target_columns_json(const PlannedEntity& planned) {
  Json list = Json::array();
  const auto& declared = planned.entity->target_columns;
  for (std::size_t i = 0; i < declared.size() && i < planned.target_types.size(); ++i) {
    const CatalogColumn* live = planned.target_types[i];
    list.push_back({{"name", declared[i].name},
                    {"type", type_name(declared[i].type)},
                    {"nullable", declared[i].nullable},
                    {"live_type", live != nullptr ? live->type_name : ""},
                    {"live_not_null", live != nullptr && live->not_null}});
  }
  return list;
}

Json rules_json(const Entity& entity) {
  Json references = Json::array(), filters = Json::array(), totals = Json::array(),
       assertions = Json::array(), steps = Json::array();
  for (const auto& item : entity.references) {
    references.push_back({{"column", item.column},
                          {"entity", item.entity},
                          {"missing", policy_name(item.policy)},
                          {"late", item.late},
                          {"if_loaded", item.if_loaded}});
  }
  for (const auto& item : entity.filters) {
    filters.push_back(
        {{"predicate", item.predicate}, {"code", item.code}, {"meaning", item.meaning}});
  }
  for (const auto& item : entity.totals) {
    totals.push_back({{"name", item.name},
                      {"source", item.source_expression},
                      {"target", item.target_expression}});
  }
  for (const auto& item : entity.assertions) {
    assertions.push_back({{"name", item.name},
                          {"severity", severity_name(item.severity)},
                          {"meaning", item.meaning},
                          {"sql", item.sql}});
  }
  for (const auto& item : entity.steps) {
    steps.push_back(
        {{"when", item.after ? "after" : "before"}, {"purpose", item.purpose}, {"sql", item.sql}});
  }
  return {{"references", references},
          {"filters", filters},
          {"totals", totals},
          {"assertions", assertions},
          {"steps", steps}};
}

Json target_handling_json(const PlannedEntity& planned, const RunConfig& config) {
  Json triggers = Json::array(), indexes = Json::array(), foreign_keys = Json::array();
  for (const auto& trigger : planned.target.triggers) {
    triggers.push_back({{"name", trigger.name}, {"fate", trigger_fate(trigger, planned.config)}});
  }
  for (const auto& index : planned.target.indexes) indexes.push_back(index.name);
  for (const auto& constraint : planned.target.constraints) {
    if (constraint.type == 'f') foreign_keys.push_back(constraint.name);
  }
  const DeferralChoice choice = deferral_of(planned, config);
  return {{"triggers", triggers},
          {"indexes", indexes},
          {"foreign_keys", foreign_keys},
          {"deferred", choice.defer},
          {"deferral_reason", choice.reason},
          {"access_exclusive_locks",
           choice.defer ? locked_tables(planned.target) : std::vector<std::string>{}}};
}

Json entity_json(const PlannedEntity& planned, const RunConfig& config) {
  const Entity& entity = *planned.entity;
  Json json = {{"name", entity.name},
               {"family", entity.family},
               {"source", entity.source},
               {"source_query", entity.source_query},
               {"target", entity.target},
               {"expected_rows", planned.expected_rows < 0 ? Json() : Json(planned.expected_rows)},
               {"source_bytes", planned.source ? Json(planned.source->bytes) : Json()},
               {"identity", identity_name(entity.identity)},
               {"identity_column", entity.identity_column},
               {"legacy_columns", entity.legacy_columns},
               {"source_columns", source_columns_json(planned)},
               {"unread_columns", unread_columns(planned)},
               {"target_columns", target_columns_json(planned)},
               {"unwritten_columns", unwritten_columns(planned)}};
  json.update(rules_json(entity));
  json.update(target_handling_json(planned, config));
  json["validators"] = Json::array();
  for (const auto& [validator, severity] : planned.validators) {
    json["validators"].push_back(check_name(*validator));
  }
  json["remarks"] = planned.remarks;
  return json;
}

}  // namespace

std::string plan_json(const Plan& plan, const RunConfig& config) {
  Json json = {{"source", config.source.shown},
               {"target", config.target.shown},
               {"scope", config.scope},
               {"phases", plan.phases}};
  json["entities"] = Json::array();
  for (const auto& planned : plan.entities) {
    json["entities"].push_back(entity_json(planned, config));
  }
  json["settings"] = Json::object();
  for (const Plugin* plugin : plugins_of(plan)) {
    Json settings = Json::object();
    for (const auto& setting : settings_in_force(*plugin, config)) {
      settings[setting.name] = {{"value", setting.value}, {"default", setting.is_default}};
    }
    json["settings"][plugin->family] = settings;
  }
  json["read_only_parents"] = Json::array();
  for (const Entity* parent : plan.read_only_parents) {
    json["read_only_parents"].push_back(parent->name);
  }
  json["unmapped_source_tables"] = plan.unmapped_source_tables;
  json["remarks"] = plan.remarks;
  json["forecast_seconds"] = forecast_seconds(plan);
  // A plugin's texts are UTF-8 by now; names from a server's catalogs need not be.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace mighost
