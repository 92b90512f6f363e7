#include "cli/inventory.hpp"
#include "cli/manifest_words.hpp"
#include "report/text.hpp"

namespace mighost {
namespace {

using Cells = std::vector<std::string>;

// Manifest texts come from strangers: control characters must not reach the terminal.
std::string clean(std::string_view text) { return one_line(text); }

std::string section(std::string_view heading, const std::vector<Cells>& rows, bool color) {
  if (rows.empty()) return {};
  std::string text = "\n  " + colored(heading, Color::bold, color) + "\n";
  for (const std::string& line : aligned(rows, std::vector<Align>(rows.front().size()))) {
    text += "    " + line + "\n";
  }
  return text;
}

std::string identity_text(const Entity& entity) {
  std::string text(identity_word(entity.identity));
  if (entity.identity == MIG_IDENTITY_NATURAL) text += " by " + clean(joined(entity.natural_key));
  if (!entity.identity_column.empty()) text += " " + clean(entity.identity_column);
  return text;
}

std::string flags_text(const Entity& entity) {
  std::vector<std::string> flags;
  if (entity.projection) flags.emplace_back("projection");
  if (entity.parallel) flags.emplace_back("parallel");
  if (entity.optional) flags.emplace_back("optional");
  return joined(flags);
}

std::vector<Cells> entity_rows(const Plugin& plugin) {
  std::vector<Cells> rows;
  for (const Entity& entity : plugin.entities) {
    const std::string& source = entity.source.empty() ? "a query" : entity.source;
    rows.push_back({clean(entity.name), clean(source), "-> " + clean(entity.target),
                    identity_text(entity), flags_text(entity)});
  }
  return rows;
}

std::vector<Cells> reference_rows(const Plugin& plugin) {
  std::vector<Cells> rows;
  for (const Entity& entity : plugin.entities) {
    for (const Reference& reference : entity.references) {
      rows.push_back({clean(entity.name + "." + reference.column), "-> " + clean(reference.entity),
                      "missing: " + std::string(policy_word(reference.policy)),
                      reference.late        ? "late"
                      : reference.if_loaded ? "if loaded"
                                            : ""});
    }
  }
  return rows;
}

std::vector<Cells> code_rows(const Plugin& plugin) {
  std::vector<Cells> rows;
  const auto add = [&rows](const std::string& owner, const std::string& code,
                           const std::string& meaning) {
    rows.push_back({clean(owner), clean(code), clean(meaning)});
  };
  for (const Entity& entity : plugin.entities) {
    for (const Filter& filter : entity.filters) {
      add(entity.name, filter.code, filter.meaning + " (filter)");
    }
    for (const Code& code : entity.codes) add(entity.name, code.code, code.meaning);
  }
  for (const Validator& validator : plugin.validators) {
    for (const Code& code : validator.codes) add(validator.name, code.code, code.meaning);
  }
  return rows;
}

std::vector<Cells> check_rows(const Plugin& plugin) {
  std::vector<Cells> rows;
  const auto add = [&rows](const std::string& owner, const Assertion& assertion) {
    const bool veto = assertion.severity != MIG_NOTE;
    rows.push_back(
        {clean(owner), clean(assertion.name), veto ? "vetoes" : "notes", clean(assertion.meaning)});
  };
  for (const Entity& entity : plugin.entities) {
    for (const Total& total : entity.totals) {
      rows.push_back({clean(entity.name), clean(total.name), "vetoes", "control total"});
    }
    for (const Assertion& assertion : entity.assertions) add(entity.name, assertion);
  }
  for (const Validator& validator : plugin.validators) {
    for (const Total& total : validator.totals) {
      rows.push_back({clean(validator.name), clean(total.name), "vetoes", "control total"});
    }
    for (const Assertion& assertion : validator.assertions) add(validator.name, assertion);
  }
  return rows;
}

std::vector<Cells> validator_rows(const Plugin& plugin) {
  std::vector<Cells> rows;
  for (const Validator& validator : plugin.validators) {
    rows.push_back({clean(validator.name), "looks at " + clean(validator.applies_to),
                    clean(validator.description)});
  }
  return rows;
}

std::vector<Cells> step_rows(const Plugin& plugin) {
  std::vector<Cells> rows;
  for (const Entity& entity : plugin.entities) {
    for (const Step& step : entity.steps) {
      rows.push_back({clean(entity.name), step.after ? "after" : "before", clean(step.purpose)});
    }
  }
  return rows;
}

std::vector<Cells> setting_rows(const Plugin& plugin) {
  std::vector<Cells> rows;
  for (const Setting& setting : plugin.settings) {
    rows.push_back({clean(setting.name), std::string(setting_kind_word(setting.kind)),
                    setting.default_text.empty() ? "" : "default " + clean(setting.default_text),
                    clean(setting.help)});
  }
  return rows;
}

std::string plugin_text(const Plugin& plugin, bool color) {
  std::string text = colored(clean(plugin.family), Color::bold, color) + " " +
                     clean(plugin.version) + "  " + clean(plugin.file.string()) + "\n";
  if (!plugin.description.empty()) text += "  " + clean(plugin.description) + "\n";
  text += section("Entities", entity_rows(plugin), color);
  text += section("References", reference_rows(plugin), color);
  text += section("Validators", validator_rows(plugin), color);
  text += section("Checks before commit", check_rows(plugin), color);
  text += section("SQL steps", step_rows(plugin), color);
  text += section("Codes", code_rows(plugin), color);
  text +=
      section("Settings in [plugins." + clean(plugin.family) + "]", setting_rows(plugin), color);
  return text;
}

}  // namespace

std::string inventory_text(const std::vector<const Plugin*>& plugins, bool color) {
  std::string text;
  std::uint64_t entities = 0, validators = 0;
  for (const Plugin* plugin : plugins) {
    text += plugin_text(*plugin, color) + "\n";
    entities += plugin->entities.size();
    validators += plugin->validators.size();
  }
  return text + counted(plugins.size(), "plugin", "plugins") + ", " +
         counted(entities, "entity", "entities") + ", " +
         counted(validators, "validator", "validators") + "\n";
}

}  // namespace mighost
