#include "cli/rollback_command.hpp"

#include <unistd.h>

#include <algorithm>

#include "cli/log_setup.hpp"
#include "cli/output.hpp"
#include "ledger/run_lookup.hpp"
#include "report/screen.hpp"
#include "report/text.hpp"
#include "run/rollback.hpp"
#include "run/rollback_ledger.hpp"
#include "run/unfinished_run.hpp"

namespace mighost {
namespace {

using Cells = std::vector<std::string>;

std::string number(std::uint64_t value) { return value == 0 ? "" : thousands(value); }

std::string entity_table(const RollbackReport& report) {
  std::vector<Cells> lines{
      {"entity", "target", "removed", "unset", "changed", "kept", "gone before"}};
  for (const RolledBackEntity& one : report.entities) {
    lines.push_back({one_line(one.name), one_line(one.target), number(one.removed),
                     number(one.unset), number(one.changed), number(one.kept), number(one.gone)});
  }
  std::string text;
  std::vector<Align> sides(lines.front().size(), Align::right);
  sides[0] = sides[1] = Align::left;
  for (const std::string& line : aligned(lines, sides)) text += line + "\n";
  return report.entities.empty() ? "" : text + "\n";
}

std::string closing(const RollbackReport& report, bool color) {
  std::uint64_t removed = 0, kept = 0;
  for (const RolledBackEntity& one : report.entities) {
    removed += one.removed;
    kept += one.kept;
  }
  const std::string what = report.kind + " " + report.run_id;
  if (report.status == "stopped") {
    bool updated = false, only = true;
    for (const RolledBackEntity& one : report.entities) {
      updated = updated || one.updated_only > 0;
      only = only && one.gone == 0 && one.changed == one.updated_only;
    }
    const char* by_value = only ? "--by-value removes those that hold what the run wrote.\n"
                                : "With --by-value too, only those that hold something else.\n";
    return colored("Stopped: nothing was changed.", Color::red, color) +
           " --keep-changed leaves these rows, and what they refer to, where they are.\n" +
           (updated ? by_value : "");
  }
  std::string text = counted(removed, "row", "rows") + " of " + what +
                     (report.status == "dry-run" ? " would be removed" : " removed");
  if (kept > 0) text += ", " + thousands(kept) + " kept";
  text += " in " + duration_text(report.seconds) + ".";
  if (!report.whole) text += " Other entities of the run stay.";
  const bool dry = report.status == "dry-run";
  return colored(dry ? "Dry run: nothing was changed." : "Rolled back.", Color::green, color) +
         " " + text + "\n";
}

std::string rollback_text(const RollbackReport& report, bool color) {
  if (report.status == "nothing") {
    return "Nothing to roll back: " + one_line(report.remarks.front()) + ".\n";
  }
  std::string text = entity_table(report);
  for (const RollbackObstacle& obstacle : report.obstacles) {
    text += "  " + one_line(obstacle.sentence) + "\n";
    if (!obstacle.keys.empty()) {
      text += "    keys: " + one_line(joined(obstacle.keys, "and")) +
              (obstacle.rows > obstacle.keys.size() ? ", ..." : "") + "\n";
    }
  }
  for (const std::string& remark : report.remarks) text += "  " + one_line(remark) + "\n";
  if (!report.obstacles.empty() || !report.remarks.empty()) text += "\n";
  return text + closing(report, color);
}

/// What went before is told with what ends it: it is committed.
RollbackReport step_of(const RunConfig& config, const RollbackOptions& step,
                       const std::optional<RollbackReport>& before) {
  try {
    return roll_back(config, step);
  } catch (const Error& error) {
    if (!before) throw;
    std::vector<std::string> gone;
    for (const RolledBackEntity& one : before->entities) gone.push_back(one.name);
    throw Error(error.exit(), error.message() + ", of what was left", error.where(),
                joined(gone) + " " + (gone.size() == 1 ? "is" : "are") +
                    " rolled back; the same command goes on with the rest");
  }
}

/// Looks at everything first; then the entities go one by one, the last one first. What refers to
/// each other goes together.
RollbackReport undo_by_entity(const RunConfig& config, const RollbackOptions& wanted) {
  RollbackOptions look = wanted;
  look.dry_run = true;
  RollbackReport first = roll_back(config, look);
  if (first.status != "dry-run" || wanted.dry_run) return first;
  std::optional<RollbackReport> all;
  const auto add = [&](RollbackReport report) {
    if (!all) {
      all = std::move(report);
      return;
    }
    all->entities.insert(all->entities.end(), report.entities.begin(), report.entities.end());
    for (auto& obstacle : report.obstacles) all->obstacles.push_back(std::move(obstacle));
    for (auto& remark : report.remarks) {
      const bool told =
          std::find(all->remarks.begin(), all->remarks.end(), remark) != all->remarks.end();
      if (!told) all->remarks.push_back(std::move(remark));
    }
    all->seconds += report.seconds;
    all->status = report.status;
    all->whole = report.whole;
  };
  RollbackOptions step = wanted;
  step.families.clear();
  step.entities.clear();
  for (std::size_t at = 0; at + 1 < first.entities.size(); ++at) {
    step.entities.push_back(first.entities[at].name);
    RollbackReport report = step_of(config, step, all);
    if (report.status == "stopped") continue;  // another entity of the run refers to it: with that
    step.entities.clear();
    add(std::move(report));
  }
  add(step_of(config, wanted, all));  // what is left, also of entities without rows
  return std::move(*all);
}

RollbackReport undo(const RunConfig& config, const Arguments& arguments, const std::string& run) {
  RollbackOptions options;
  options.run = run;
  options.entities = arguments.rows.entities;
  options.families = arguments.selection.families;
  options.to_phase = arguments.to_phase;
  options.of_many = arguments.all;
  options.keep_changed = arguments.keep_changed;
  options.by_value = arguments.by_value;
  options.dry_run = arguments.dry_run;
  Session target(config.target, Session::Role::target, config.load, "mighost rollback");
  // What a run in progress has taken away is put back once.
  const bool apart = arguments.by_entity && !is_unfinished(target, find_run(target, run).id);
  if (apart) return undo_by_entity(config, options);
  return roll_back(config, options);
}

}  // namespace

Exit rollback_command(const Arguments& arguments) {
  set_up_log(arguments, nullptr);
  JsonOutput json(arguments.json);
  const RunConfig config = read_run_config(arguments.config, Sides::target);
  set_up_log(arguments, &config);
  std::vector<std::string> runs = arguments.operands;
  if (arguments.all) {
    Session target(config.target, Session::Role::target, config.load, "mighost rollback");
    runs = runs_to_undo(target, arguments.rows.entities, arguments.selection.families);
    if (runs.empty()) {
      print_result("Nothing to roll back: no run has committed anything that still stands.\n");
      json.write("[]\n");
      return Exit::done;
    }
  }
  std::vector<RollbackReport> reports;
  const auto write_json = [&] {
    std::string all_json;
    for (const RollbackReport& report : reports) {
      all_json += (all_json.empty() ? "" : ",\n") + rollback_json(report);
    }
    json.write(arguments.all ? "[" + all_json + "]\n" : all_json);
  };
  for (const std::string& run : runs) {
    try {
      reports.push_back(undo(config, arguments, run));
    } catch (const std::exception&) {
      if (!reports.empty()) write_json();
      throw;
    }
    if (!json.on_stdout()) {
      print_result(rollback_text(reports.back(), color_allowed(STDOUT_FILENO)));
    }
    // An older run cannot go before a newer one.
    if (reports.back().status == "stopped" || (arguments.all && arguments.dry_run)) break;
  }
  if (arguments.dry_run && runs.size() > 1 && !json.on_stdout()) {
    print_result("This is the newest of " + counted(runs.size(), "run", "runs") +
                 "; those before it can be looked at when it is gone.\n");
  }
  const bool in_part = reports.back().status == "stopped" && reports.size() > 1;
  if (in_part && !json.on_stdout()) {
    print_result("Of " + counted(runs.size(), "run", "runs") + " the newest " +
                 std::to_string(reports.size() - 1) + " are rolled back; this one and those " +
                 "before it stand.\n");
  }
  write_json();
  return reports.back().status == "stopped" ? Exit::vetoed : Exit::done;
}

}  // namespace mighost
