#include "cli/rollback_command.hpp"

#include <unistd.h>

#include "cli/log_setup.hpp"
#include "cli/output.hpp"
#include "report/screen.hpp"
#include "report/text.hpp"
#include "run/rollback.hpp"
#include "run/rollback_ledger.hpp"

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
    return colored("Stopped: nothing was changed.", Color::red, color) +
           " --keep-changed leaves these rows, and what they refer to, where they are.\n";
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
  std::string all_json;
  Exit exit = Exit::done;
  for (const std::string& run : runs) {
    RollbackOptions options;
    options.run = run;
    options.entities = arguments.rows.entities;
    options.families = arguments.selection.families;
    options.keep_changed = arguments.keep_changed;
    options.dry_run = arguments.dry_run;
    const RollbackReport report = roll_back(config, options);
    all_json += (all_json.empty() ? "" : ",\n") + rollback_json(report);
    if (!json.on_stdout()) print_result(rollback_text(report, color_allowed(STDOUT_FILENO)));
    if (report.status == "stopped") exit = Exit::vetoed;
    // An older run cannot go before a newer one.
    if (exit != Exit::done || (arguments.all && arguments.dry_run)) break;
  }
  json.write(arguments.all ? "[" + all_json + "]\n" : all_json);
  return exit;
}

}  // namespace mighost
