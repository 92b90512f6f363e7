#include "plan/match_checks.hpp"

#include <algorithm>

#include "config/severity.hpp"
#include "plugin/manifest_rules.hpp"
#include "plugin/text_checks.hpp"

namespace mighost {
namespace {

bool has_all_names(const Validator& validator, const Entity& entity) {
  return std::all_of(validator.columns.begin(), validator.columns.end(), [&](const Column& needed) {
    return find_column(entity.target_columns, needed.name) != nullptr;
  });
}

void refuse(const Validator& validator, const std::string& obstacle, PlannedEntity& planned,
            Faults& faults) {
  const std::string who =
      "the validator " + check_name(validator) + " of plugin " + plugin_title(*validator.plugin);
  if (!validator.is_glob()) {
    faults.push_back({planned.entity->name, who + " cannot look at it: " + obstacle,
                      "bring the validator up to date with the entity, or remove it"});
  } else if (has_all_names(validator, *planned.entity)) {
    // A pattern means "wherever it fits"; where all the names are there, it was perhaps meant to.
    planned.remarks.push_back(who + " does not look at it: " + obstacle);
  }
}

/// SQL cannot reject a row, so that what is more than a warning ends the run.
Severity assertion_severity(const Assertion& assertion, std::optional<Severity> configured) {
  if (!configured) return assertion.severity == MIG_NOTE ? Severity::warn : Severity::abort;
  return *configured == Severity::reject ? Severity::abort : *configured;
}

void add_assertion(PlannedAssertion planned_assertion, PlannedEntity& planned) {
  if (planned_assertion.severity == Severity::off) {
    planned.checks_off.push_back(planned_assertion.check);
  } else {
    planned.assertions.push_back(std::move(planned_assertion));
  }
}

void add_assertions_of(const Validator& validator, std::optional<Severity> of_validator,
                       const RunConfig& config, PlannedEntity& planned) {
  for (const Assertion& assertion : validator.assertions) {
    const std::string check = check_name(validator, assertion.name);
    auto said = configured_severity(config, planned.entity->name, check);
    if (!said) said = of_validator;
    add_assertion({&assertion, validator.plugin, check, validator.applies_to,
                   assertion_severity(assertion, said)},
                  planned);
  }
}

}  // namespace

std::string validator_obstacle(const Validator& validator, const Entity& entity) {
  for (const auto& needed : validator.columns) {
    const Column* written = find_column(entity.target_columns, needed.name);
    if (written == nullptr) return "it needs the column " + needed.name + ", which is not written";
    if (written->type != needed.type) {
      return "it needs " + needed.name + " as " + std::string(type_name(needed.type)) +
             ", which is written as " + std::string(type_name(written->type));
    }
    if (written->nullable && !needed.nullable) {
      return "it relies on " + needed.name + " being there, but the column may be NULL";
    }
  }
  return {};
}

void match_validators(const std::vector<const Plugin*>& plugins, const RunConfig& config,
                      PlannedEntity& planned, Faults& faults) {
  const Entity& entity = *planned.entity;
  for (const Plugin* plugin : plugins) {
    for (const auto& validator : plugin->validators) {
      if (!matches_glob(validator.applies_to, entity.name)) continue;
      const auto severity = configured_severity(config, entity.name, check_name(validator));
      const std::string obstacle = validator_obstacle(validator, entity);
      if (severity == Severity::off) {
        // A pattern that does not fit here anyway is not worth a word.
        if (obstacle.empty() || !validator.is_glob()) {
          planned.checks_off.push_back(check_name(validator));
        }
      } else if (obstacle.empty()) {
        planned.validators.push_back({&validator, severity});
      } else {
        refuse(validator, obstacle, planned, faults);
      }
    }
  }
}

void list_checks(const RunConfig& config, std::set<const Validator*>& asserted,
                 PlannedEntity& planned) {
  const Entity& entity = *planned.entity;
  for (const Assertion& assertion : entity.assertions) {
    const std::string check = check_name(entity, assertion.name);
    const auto said = configured_severity(config, entity.name, check);
    add_assertion(
        {&assertion, entity.plugin, check, entity.name, assertion_severity(assertion, said)},
        planned);
  }
  for (const Total& total : entity.totals) {
    planned.totals.push_back({total, check_name(entity, total.name), {}});
  }
  for (const auto& [validator, severity] : planned.validators) {
    if (asserted.insert(validator).second) {
      add_assertions_of(*validator, severity, config, planned);
    }
    for (const Total& total : validator->totals) {
      planned.totals.push_back(
          {total, check_name(*validator, total.name), plugin_title(*validator->plugin)});
    }
  }
}

}  // namespace mighost
