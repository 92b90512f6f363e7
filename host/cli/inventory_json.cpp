#include <nlohmann/json.hpp>

#include "cli/inventory.hpp"
#include "cli/manifest_words.hpp"

namespace mighost {
namespace {

using json = nlohmann::ordered_json;

template <typename Items, typename Function>
json list_of(const Items& items, Function one) {
  json list = json::array();
  for (const auto& item : items) list.push_back(one(item));
  return list;
}

json column_json(const Column& column) {
  return {{"name", column.name}, {"type", type_name(column.type)}, {"nullable", column.nullable}};
}

json reference_json(const Reference& reference) {
  return {{"column", reference.column},
          {"entity", reference.entity},
          {"missing", policy_word(reference.policy)},
          {"late", reference.late},
          {"if_loaded", reference.if_loaded}};
}

json filter_json(const Filter& filter) {
  return {{"code", filter.code}, {"predicate", filter.predicate}, {"meaning", filter.meaning}};
}

json code_json(const Code& code) { return {{"code", code.code}, {"meaning", code.meaning}}; }

json total_json(const Total& total) {
  return {{"name", total.name},
          {"source_expression", total.source_expression},
          {"target_expression", total.target_expression}};
}

json assertion_json(const Assertion& assertion) {
  return {{"name", assertion.name},
          {"severity", severity_word(assertion.severity)},
          {"sql", assertion.sql},
          {"meaning", assertion.meaning}};
}

json step_json(const Step& step) {
  return {{"when", step.after ? "after" : "before"}, {"sql", step.sql}, {"purpose", step.purpose}};
}

json setting_json(const Setting& setting) {
  return {{"name", setting.name},
          {"kind", setting_kind_word(setting.kind)},
          {"default", setting.default_text},
          {"help", setting.help}};
}

json legacy_key_json(const Entity& entity) {
  json names = json::array();
  for (std::size_t i = 0; i < entity.n_key && i < entity.source_columns.size(); ++i) {
    names.push_back(entity.source_columns[i].name);
  }
  return names;
}

json entity_json(const Entity& entity) {
  json object;
  object["name"] = entity.name;
  object["description"] = entity.description;
  object["source"] = entity.source;
  object["source_query"] = entity.source_query;
  object["legacy_key"] = legacy_key_json(entity);
  object["source_columns"] = list_of(entity.source_columns, column_json);
  object["target"] = entity.target;
  object["target_columns"] = list_of(entity.target_columns, column_json);
  object["identity"] = identity_word(entity.identity);
  object["identity_column"] = entity.identity_column;
  object["legacy_columns"] = entity.legacy_columns;
  object["natural_key"] = entity.natural_key;
  object["references"] = list_of(entity.references, reference_json);
  object["filters"] = list_of(entity.filters, filter_json);
  object["codes"] = list_of(entity.codes, code_json);
  object["control_totals"] = list_of(entity.totals, total_json);
  object["assertions"] = list_of(entity.assertions, assertion_json);
  object["steps"] = list_of(entity.steps, step_json);
  object["projection"] = entity.projection;
  object["parallel"] = entity.parallel;
  object["optional"] = entity.optional;
  return object;
}

json validator_json(const Validator& validator) {
  json object;
  object["name"] = validator.name;
  object["description"] = validator.description;
  object["applies_to"] = validator.applies_to;
  object["columns"] = list_of(validator.columns, column_json);
  object["codes"] = list_of(validator.codes, code_json);
  object["assertions"] = list_of(validator.assertions, assertion_json);
  object["control_totals"] = list_of(validator.totals, total_json);
  object["parallel"] = validator.parallel;
  return object;
}

json plugin_json(const Plugin& plugin) {
  json object;
  object["family"] = plugin.family;
  object["version"] = plugin.version;
  object["build"] = plugin.build;
  object["description"] = plugin.description;
  object["file"] = plugin.file.string();
  object["sha256"] = plugin.sha256;
  object["entities"] = list_of(plugin.entities, entity_json);
  object["validators"] = list_of(plugin.validators, validator_json);
  object["settings"] = list_of(plugin.settings, setting_json);
  return object;
}

}  // namespace

std::string inventory_json(const std::vector<const Plugin*>& plugins) {
  json object;
  object["plugins"] = list_of(plugins, [](const Plugin* plugin) { return plugin_json(*plugin); });
  return object.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace mighost
