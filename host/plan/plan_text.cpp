#include <cmath>

#include "config/memory_shares.hpp"
#include "plan/plan_facts.hpp"
#include "report/text.hpp"

namespace mighost {
namespace {

constexpr std::size_t width = 100;
constexpr std::size_t label_width = 14;

std::string bytes_text(std::uint64_t bytes) {
  constexpr double kilo = 1024;
  const auto number = static_cast<double>(bytes);
  if (number < kilo) return std::to_string(bytes) + " bytes";
  if (number < kilo * kilo) return one_decimal(number / kilo) + " kB";
  if (number < kilo * kilo * kilo) return one_decimal(number / kilo / kilo) + " MB";
  return one_decimal(number / kilo / kilo / kilo) + " GB";
}

std::string expected_rows_text(double rows) {
  if (rows < 0) return "an unknown number of rows";
  const auto whole = static_cast<std::uint64_t>(std::llround(rows));
  return "about " + counted(whole, "row", "rows");
}

/// Lines of "  label    text", wrapped at blanks behind the label.
class Page {
 public:
  std::string text;

  void line(const std::string& content) { text += content + '\n'; }

  void entry(const std::string& label, const std::string& content) {
    std::string out = "  " + label;
    out.resize(std::max(out.size() + 1, label_width), ' ');
    std::size_t column = out.size();
    bool line_start = true;
    for (std::size_t at = 0; at < content.size();) {
      const std::size_t end = std::min(content.find(' ', at), content.size());
      const std::string word = content.substr(at, end - at);
      at = end + 1;
      if (word.empty()) continue;
      if (!line_start && column + 1 + visible_width(word) > width) {
        out += '\n' + std::string(label_width, ' ');
        column = label_width;
      } else if (!line_start) {
        out += ' ';
        ++column;
      }
      out += word;
      column += visible_width(word);
      line_start = false;
    }
    line(out);
  }

  /// The label stands at the first of them only.
  void entries(const std::string& label, const std::vector<std::string>& contents) {
    bool first = true;
    for (const auto& content : contents) {
      entry(first ? label : "", content);
      first = false;
    }
  }
};

std::vector<std::string> column_list(const std::vector<Column>& declared,
                                     const std::vector<std::string>& live_types) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < declared.size() && i < live_types.size(); ++i) {
    texts.push_back(declared[i].name + " " + live_types[i]);
  }
  return texts;
}

std::string with_commas(const std::vector<std::string>& parts) {
  std::string text;
  for (const auto& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

void print_columns(Page& page, const PlannedEntity& planned) {
  const Entity& entity = *planned.entity;
  std::vector<std::string> source_types, target_types;
  for (const auto& live : planned.source_types) source_types.push_back(live.type_name);
  for (const auto* live : planned.target_types) {
    target_types.push_back(live != nullptr ? live->type_name : "?");
  }
  page.entry("reads", with_commas(column_list(entity.source_columns, source_types)));
  if (const auto unread = unread_columns(planned); !unread.empty()) {
    page.entry("not read", with_commas(unread));
  }
  page.entry("writes", with_commas(column_list(entity.target_columns, target_types)));
  if (const auto unwritten = unwritten_columns(planned); !unwritten.empty()) {
    page.entry("not written", with_commas(unwritten));
  }
}

void print_rules(Page& page, const Entity& entity) {
  std::vector<std::string> lines;
  for (const auto& reference : entity.references) {
    lines.push_back(reference.column + " -> " + reference.entity +
                    ", missing: " + std::string(policy_name(reference.policy)) +
                    (reference.late ? ", set in a second pass" : "") +
                    (reference.if_loaded ? ", if its plugin is loaded" : ""));
  }
  page.entries("references", lines);
  lines.clear();
  for (const auto& filter : entity.filters) {
    lines.push_back("only rows with " + filter.predicate + "; the others count as `" + filter.code +
                    "`" + (filter.meaning.empty() ? "" : ": " + filter.meaning));
  }
  page.entries("filters", lines);
  lines.clear();
  for (const auto& total : entity.totals) {
    lines.push_back(total.name + ": sum of " + total.source_expression + " = sum of " +
                    total.target_expression);
  }
  page.entries("totals", lines);
  lines.clear();
  for (const auto& assertion : entity.assertions) {
    lines.push_back(assertion.name + " (" + std::string(severity_name(assertion.severity)) + ")" +
                    (assertion.meaning.empty() ? "" : ": " + assertion.meaning));
  }
  page.entries("assertions", lines);
  lines.clear();
  for (const auto& step : entity.steps) {
    lines.push_back((step.after ? "after the load: " : "before the load: ") + step.purpose + ": " +
                    step.sql);
  }
  page.entries("SQL steps", lines);
}

void print_target_handling(Page& page, const PlannedEntity& planned, const RunConfig& config) {
  std::vector<std::string> lines;
  for (const auto& trigger : planned.target.triggers) {
    lines.push_back(trigger.name + " " + trigger_fate(trigger, planned.config));
  }
  page.entries("triggers", lines);
  std::size_t foreign_keys = 0;
  for (const auto& constraint : planned.target.constraints) {
    if (constraint.type == 'f') ++foreign_keys;
  }
  const std::string what = counted(planned.target.indexes.size(), "index", "indexes") + " and " +
                           counted(foreign_keys, "foreign key", "foreign keys");
  const DeferralChoice choice = deferral_of(planned, config);
  if (planned.target.indexes.empty() && foreign_keys == 0) return;
  if (!choice.defer) {
    page.entry("indexes", what + " stay in place: " + choice.reason);
    return;
  }
  page.entry("indexes",
             what + " are taken down and built again in the same transaction: " + choice.reason);
  page.entry("locks", "ACCESS EXCLUSIVE until COMMIT, readers wait: " +
                          joined(locked_tables(planned.target)));
}

void print_entity(Page& page, const PlannedEntity& planned, const RunConfig& config) {
  const Entity& entity = *planned.entity;
  const std::string origin =
      entity.source.empty() ? "a query"
                            : entity.source + (entity.source_query.empty() ? "" : " (by a query)");
  page.line("");
  page.line(entity.name + ": " + origin + " -> " + entity.target);
  std::string size = expected_rows_text(planned.expected_rows);
  if (planned.source) size += ", " + bytes_text(planned.source->bytes);
  page.entry("size", size);
  page.entry("key", identity_text(entity));
  print_columns(page, planned);
  print_rules(page, entity);
  print_target_handling(page, planned, config);
  std::vector<std::string> names;
  for (const auto& [validator, severity] : planned.validators) {
    names.push_back(check_name(*validator));
  }
  page.entries("validators", names);
  page.entries("note", planned.remarks);
}

void print_settings(Page& page, const RunConfig& config, const Plan& plan) {
  for (const Plugin* plugin : plugins_of(plan)) {
    const auto settings = settings_in_force(*plugin, config);
    if (settings.empty()) continue;
    page.line("");
    page.line("Settings of " + plugin->family);
    for (const auto& setting : settings) {
      page.entry("",
                 setting.name + " = " + setting.value + (setting.is_default ? " (default)" : ""));
    }
  }
}

/// A forecast that is this rough has no fractions of a second.
std::string forecast_text(const Plan& plan) {
  const double seconds = forecast_seconds(plan);
  return seconds < 1 ? "less than a second" : duration_text(seconds);
}

std::string load_text(const LoadConfig& load) {
  const char* defer = load.defer == Defer::always  ? "always"
                      : load.defer == Defer::never ? "never"
                                                   : "auto";
  return std::string("defer = ") + defer + ", batches of " + thousands(load.batch_rows) +
         " rows or " + bytes_text(memory_shares(load).batch_bytes) + ", memory " +
         bytes_text(load.memory) + ", lock_timeout " + std::to_string(load.lock_timeout.count()) +
         " ms";
}

}  // namespace

std::string plan_text(const Plan& plan, const RunConfig& config) {
  Page page;
  page.line("Plan: " + counted(plan.entities.size(), "entity", "entities") + " in " +
            counted(plan.phases.size(), "phase", "phases") + ", scope " + config.scope +
            ". Nothing was touched.");
  page.entry("source", config.source.shown);
  page.entry("target", config.target.shown);
  page.entry("load", load_text(config.load));
  if (config.scope == "chunk") {
    page.entry("chunks", "of about " + thousands(config.chunks.chunk_rows) +
                             " rows, where an entity can be cut by its key; each commits by "
                             "itself, and indexes are away until their entity is finished");
  }
  page.line("");
  for (std::size_t i = 0; i < plan.phases.size(); ++i) {
    page.entry("phase " + std::to_string(i + 1), with_commas(plan.phases[i]));
  }
  for (const auto& planned : plan.entities) print_entity(page, planned, config);
  print_settings(page, config, plan);
  page.line("");
  std::vector<std::string> parents;
  for (const Entity* parent : plan.read_only_parents) parents.push_back(parent->name);
  if (!parents.empty()) {
    page.line("Referred to but not run (their rows must be in the target): " + joined(parents));
  }
  page.entries("note", plan.remarks);
  if (!plan.unmapped_source_tables.empty()) {
    page.line(counted(plan.unmapped_source_tables.size(), "source table", "source tables") +
              " that no entity reads:");
    page.entry("", with_commas(plan.unmapped_source_tables));
  }
  page.line("Forecast: " + forecast_text(plan) + ", very roughly (" +
            thousands(static_cast<std::uint64_t>(forecast_rows_per_second)) +
            " rows per second; indexes, triggers and the network decide)");
  return page.text;
}

}  // namespace mighost
