#include "plugin/check_names.hpp"

#include <algorithm>
#include <map>

#include "config/severity.hpp"
#include "plugin/text_checks.hpp"
#include "report/nearest.hpp"

namespace mighost {
namespace {

/// A check that a plugin brings.
struct Declared {
  std::string applies_to;  // the entities that may name it in their own table
  bool is_sql = false;
};

using DeclaredChecks = std::map<std::string, Declared>;

DeclaredChecks declared_checks(const std::vector<const Plugin*>& plugins) {
  DeclaredChecks checks;
  for (const Plugin* plugin : plugins) {
    for (const Entity& entity : plugin->entities) {
      for (const Assertion& assertion : entity.assertions) {
        checks[check_name(entity, assertion.name)] = {entity.name, true};
      }
    }
    for (const Validator& validator : plugin->validators) {
      checks[check_name(validator)] = {validator.applies_to, false};
      for (const Assertion& assertion : validator.assertions) {
        checks[check_name(validator, assertion.name)] = {validator.applies_to, true};
      }
    }
  }
  return checks;
}

class CheckTable {
 public:
  CheckTable(const std::vector<const Plugin*>& plugins, Faults& faults,
             std::vector<std::string>& idle)
      : declared_(declared_checks(plugins)), faults_(faults), idle_(idle) {
    for (const Plugin* plugin : plugins) families_.push_back(plugin->family);
    known_ = built_in_checks();
    for (const auto& [name, check] : declared_) known_.push_back(name);
  }

  /// `entity` is empty for the table of the whole run.
  void look_at(const Severities& table, const Places& places, const std::string& entity,
               const std::string& where) {
    for (const auto& [name, severity] : table) {
      const auto place = places.find(name);
      one(name, severity, entity, place == places.end() ? where : place->second);
    }
  }

 private:
  void one(const std::string& name, Severity severity, const std::string& entity,
           const std::string& where) {
    if (std::find(known_.begin(), known_.end(), name) == known_.end()) {
      return unknown(name, where);
    }
    const std::string fault = severity_fault(name, severity);
    if (!fault.empty()) faults_.push_back({where, fault, "write one that it can have, or nothing"});
    const auto found = declared_.find(name);
    if (found == declared_.end()) return;
    if (found->second.is_sql && severity == Severity::reject) {
      faults_.push_back({where,
                         "the assertion `" + name +
                             "` is SQL over what is in the target already, so that it cannot "
                             "reject a row",
                         "write \"off\", \"warn\" or \"abort\""});
    }
    if (!entity.empty() && !matches_glob(found->second.applies_to, entity)) {
      faults_.push_back({where,
                         "the check `" + name + "` does not look at " + entity + ", but at " +
                             found->second.applies_to,
                         "move the line to the entity that it is about"});
    }
  }

  void unknown(const std::string& name, const std::string& where) {
    const std::string what = "there is no check `" + name + "`";
    const auto dot = name.find('.');
    const std::string family = name.substr(0, dot);
    const bool loaded = std::find(families_.begin(), families_.end(), family) != families_.end();
    if (dot != std::string::npos && !loaded && !nearest(family, families_) &&
        !nearest(name, known_)) {
      return idle_.push_back("the check \"" + name + "\" is of no loaded plugin (" + where + ")");
    }
    faults_.push_back({where, what, nearest_hint(name, known_)});
  }

  DeclaredChecks declared_;
  std::vector<std::string> families_, known_;
  Faults& faults_;
  std::vector<std::string>& idle_;
};

}  // namespace

void check_check_names(const std::vector<const Plugin*>& plugins, const RunConfig& config,
                       Faults& faults, std::vector<std::string>& idle) {
  CheckTable table(plugins, faults, idle);
  table.look_at(config.checks, config.check_places, {},
                config.file.string() + ": [validation.checks]");
  for (const auto& [entity, own] : config.entities)
    table.look_at(own.checks, own.check_places, entity, own.where);
}

}  // namespace mighost
