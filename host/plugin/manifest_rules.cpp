#include "plugin/manifest_rules.hpp"

#include <functional>
#include <map>
#include <set>
#include <string>

#include "plugin/host_codes.hpp"
#include "plugin/text_checks.hpp"

namespace mighost {
namespace {

/// " `name`".
std::string quoted(const std::string& name) { return " `" + name + "`"; }

/// Collects faults of one entity, validator or plugin under its name.
class Rules {
 public:
  Rules(std::string where, Faults& faults) : where_(std::move(where)), faults_(faults) {}

  void fault(std::string what, std::string next) const {
    faults_.push_back({where_, std::move(what), std::move(next)});
  }

  void named(const std::string& kind, const std::string& name) const {
    if (name.empty() || is_name(name)) return;  // an empty one is a fault already
    fault("the " + kind + " name \"" + name + "\" is not made of a-z, 0-9 and _",
          "rename it; names go into SQL, files and reports");
  }

  template <class Items, class Name>
  void unique(const std::string& kind, const Items& items, Name name) const {
    std::set<std::string> seen;
    const std::string start = "the " + kind;
    for (const auto& item : items) {
      const std::string& text = std::invoke(name, item);
      if (!text.empty() && !seen.insert(text).second) {
        fault(start + quoted(text) + " is declared twice", "remove or rename one of them");
      }
    }
  }

  void columns(const std::string& kind, const std::vector<Column>& columns) const {
    unique(kind + " column", columns, &Column::name);
  }

  void codes(const std::vector<Code>& codes) const {
    unique("code", codes, &Code::code);
    for (const auto& code : codes) one_code(code.code);
  }

  void one_code(const std::string& code) const {
    named("code", code);
    if (is_host_code(code)) {
      fault("the code `" + code + "` is the host's own", "rename it, or leave it to the host");
    }
  }

 private:
  std::string where_;
  Faults& faults_;
};

/// Each of `names` must be among the target columns.
void require_target_columns(const Rules& rules, const Entity& entity, const std::string& what,
                            const std::vector<std::string>& names) {
  for (const auto& name : names) {
    if (find_column(entity.target_columns, name) != nullptr) continue;
    rules.fault(what + quoted(name) + " is not among the target columns",
                "add the column to the target row, or correct the name");
  }
}

void check_source(const Rules& rules, const Entity& entity) {
  if (entity.source.empty() && entity.source_query.empty()) {
    rules.fault("it has neither a source table nor a source query", "declare one of them");
  }
  if (entity.source_columns.empty()) {
    rules.fault("it declares no source columns",
                "declare the columns that it reads, the key first");
  }
  rules.columns("source", entity.source_columns);
  if (entity.n_key < 1 || entity.n_key > entity.source_columns.size()) {
    rules.fault("n_key is " + std::to_string(entity.n_key) + " with " +
                    std::to_string(entity.source_columns.size()) + " source columns",
                "the first n_key source columns are the legacy key: at least 1, at most all");
    return;
  }
  for (std::uint32_t i = 0; i < entity.n_key; ++i) {
    if (!entity.source_columns[i].nullable) continue;
    rules.fault("the key column `" + entity.source_columns[i].name + "` is declared nullable",
                "a legacy key is never NULL: declare it not nullable, or choose another key");
  }
}

void check_identity(const Rules& rules, const Entity& entity) {
  const bool host_fills =
      entity.identity == MIG_IDENTITY_UUID5 || entity.identity == MIG_IDENTITY_KEEP;
  const Column* emitted = find_column(entity.target_columns, entity.identity_column);
  if (host_fills && emitted != nullptr) {
    rules.fault("the identity column `" + entity.identity_column +
                    "` is among the target columns, but the host fills it",
                "leave it out of the target row, or use MIG_IDENTITY_ASSIGNED");
  }
  if (entity.identity == MIG_IDENTITY_ASSIGNED && emitted == nullptr) {
    rules.fault(entity.identity_column.empty() ? "MIG_IDENTITY_ASSIGNED without an identity column"
                                               : "the identity column `" + entity.identity_column +
                                                     "` is not among the target columns",
                "the handler assigns the key, so it must emit that column");
  }
  if (entity.identity == MIG_IDENTITY_KEEP && entity.n_key != 1) {
    rules.fault("MIG_IDENTITY_KEEP with a key of " + std::to_string(entity.n_key) + " columns",
                "the new key is one column: use MIG_IDENTITY_UUID5");
  }
  if (entity.identity == MIG_IDENTITY_NATURAL &&
      (entity.natural_key.empty() || entity.identity_column.empty())) {
    rules.fault("MIG_IDENTITY_NATURAL needs both natural_key and identity_column",
                "name the target columns that find the row, and the column that holds its key");
  }
  require_target_columns(rules, entity, "the natural key column", entity.natural_key);
  require_target_columns(rules, entity, "the legacy column", entity.legacy_columns);
  if (!entity.legacy_columns.empty() && entity.legacy_columns.size() != entity.n_key) {
    rules.fault("it has " + std::to_string(entity.legacy_columns.size()) +
                    " legacy columns for a key of " + std::to_string(entity.n_key),
                "give one target column for each key column, in the key's order, or none");
  }
}

void check_references(const Rules& rules, const Entity& entity) {
  std::set<std::pair<std::string, std::string>> seen;
  for (const auto& reference : entity.references) {
    const std::string named = "the reference `" + reference.column + "` -> " + reference.entity;
    const auto dot = reference.entity.find('.');
    if (dot == std::string::npos || !is_family_name(reference.entity.substr(0, dot)) ||
        !is_name(reference.entity.substr(dot + 1))) {
      rules.fault(named + " does not name an entity", "write it as family.entity");
    }
    if (!seen.insert({reference.entity, reference.column}).second) {
      rules.fault(named + " is declared twice", "remove one of them");
    }
    const Column* column = find_column(entity.target_columns, reference.column);
    if (column == nullptr) {
      rules.fault(named + ": there is no such target column",
                  "add the column to the target row, or correct the name");
    } else if (reference.late && !column->nullable) {
      rules.fault(named + " is late, but the column is not nullable",
                  "a late reference is first written as NULL: make the column nullable");
    } else if (reference.late && reference.policy != MIG_MISSING_NULL) {
      rules.fault(named + " is late, but its policy is not null",
                  "its parent is only known when the row has gone: choose the policy null");
    } else if (reference.policy == MIG_MISSING_NULL && !column->nullable) {
      rules.fault(named + " has the policy null, but the column is not nullable",
                  "make the column nullable, or choose the policy reject or park");
    }
  }
}

void check_entity(const Plugin& plugin, const Entity& entity, Faults& faults) {
  const std::string short_name = entity.name.substr(entity.family.size() + 1);
  const Rules rules(plugin.file.filename().string() + ": entity " + short_name, faults);
  rules.named("entity", short_name);
  check_source(rules, entity);
  if (entity.target_columns.empty() && entity.identity_column.empty()) {
    rules.fault("it declares no target columns", "declare the columns that it writes");
  }
  rules.columns("target", entity.target_columns);
  check_identity(rules, entity);
  check_references(rules, entity);
  rules.codes(entity.codes);
  rules.unique("filter code", entity.filters, &Filter::code);
  for (const auto& filter : entity.filters) {
    rules.one_code(filter.code);
    for (const auto& code : entity.codes) {
      if (code.code != filter.code || code.code.empty()) continue;
      rules.fault("`" + code.code + "` is a filter's code and the handler's code",
                  "filtered and quarantined rows are counted apart: rename one of them");
    }
  }
  rules.unique("total", entity.totals, &Total::name);
  rules.unique("assertion", entity.assertions, &Assertion::name);
}

void check_validator(const Plugin& plugin, const Validator& validator, Faults& faults) {
  const Rules rules(plugin.file.filename().string() + ": validator " + validator.name, faults);
  if (!validator.name.empty() && !is_family_name(validator.name)) {
    rules.fault("the validator name \"" + validator.name + "\" is not made of a-z, 0-9, _ and -",
                "rename it; names go into SQL, files and reports");
  }
  if (validator.columns.empty() && validator.assertions.empty() && validator.totals.empty()) {
    rules.fault("it has neither columns nor assertions, so it can check nothing",
                "declare the target columns that it needs");
  }
  rules.columns("needed", validator.columns);
  rules.codes(validator.codes);
  rules.unique("assertion", validator.assertions, &Assertion::name);
  rules.unique("total", validator.totals, &Total::name);
  if (!validator.totals.empty() && validator.is_glob()) {
    rules.fault("it has control totals, but applies to the pattern " + validator.applies_to,
                "a control total is of one entity: write family.entity");
  }
  if (!validator.applies_to.empty() && validator.applies_to.find('.') == std::string::npos &&
      validator.applies_to.find('*') == std::string::npos) {
    rules.fault("`applies_to` is \"" + validator.applies_to + "\", which is no entity",
                "write family.entity, or a pattern such as core.*");
  }
}

}  // namespace

const Column* find_column(const std::vector<Column>& columns, const std::string& name) {
  for (const auto& column : columns) {
    if (column.name == name) return &column;
  }
  return nullptr;
}

void check_manifest(const Plugin& plugin, Faults& faults) {
  const Rules rules(plugin.file.filename().string(), faults);
  if (!plugin.family.empty() && !is_family_name(plugin.family)) {
    rules.fault("the family name \"" + plugin.family + "\" is not made of a-z, 0-9, _ and -",
                "rename the family");
  }
  if (plugin.entities.empty() && plugin.validators.empty()) {
    rules.fault("it has neither entities nor validators", "declare what the plugin is for");
  }
  rules.unique("entity", plugin.entities, &Entity::name);
  rules.unique("validator", plugin.validators, &Validator::name);
  rules.unique("setting", plugin.settings, &Setting::name);
  for (const auto& setting : plugin.settings) rules.named("setting", setting.name);
  for (const auto& entity : plugin.entities) check_entity(plugin, entity, faults);
  for (const auto& validator : plugin.validators) check_validator(plugin, validator, faults);
}

void check_families(const std::vector<const Plugin*>& plugins, Faults& faults) {
  std::map<std::string, const Plugin*> owners;
  for (const Plugin* plugin : plugins) {
    const auto [owner, is_new] = owners.emplace(plugin->family, plugin);
    if (is_new) continue;
    faults.push_back({plugin->file.filename().string(),
                      "the family `" + plugin->family + "` is already owned by " +
                          owner->second->file.filename().string(),
                      "remove one of the two files from the directory, or rename a family"});
  }
}

}  // namespace mighost
