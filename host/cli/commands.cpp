#include "cli/commands.hpp"

#include <unistd.h>

#include "cli/check_text.hpp"
#include "cli/explain_command.hpp"
#include "cli/help.hpp"
#include "cli/inventory.hpp"
#include "cli/log_setup.hpp"
#include "cli/output.hpp"
#include "cli/quarantine_command.hpp"
#include "cli/rollback_command.hpp"
#include "cli/run_command.hpp"
#include "cli/status_command.hpp"
#include "cli/verify_command.hpp"
#include "config/run_config.hpp"
#include "pg/session.hpp"
#include "plan/check.hpp"
#include "plan/plan.hpp"
#include "plugin/library.hpp"
#include "plugin/settings.hpp"
#include "report/screen.hpp"

namespace mighost {
namespace {

// The result for people, or the JSON in its place when that goes to stdout.
void print_both(JsonOutput& json, const std::string& text, const std::string& json_text) {
  json.write(json_text);
  if (!json.on_stdout()) print_result(text);
}

Exit list(const Arguments& arguments) {
  set_up_log(arguments, nullptr);
  JsonOutput json(arguments.json);
  const auto plugins = load_plugins(arguments.plugins);
  print_both(json, inventory_text(plugins, color_allowed(STDOUT_FILENO)), inventory_json(plugins));
  return Exit::done;
}

Exit plan(const Arguments& arguments) {
  set_up_log(arguments, nullptr);
  JsonOutput json(arguments.json);
  const RunConfig config = read_run_config(arguments.config);
  set_up_log(arguments, &config);
  const auto plugins = load_plugins(arguments.plugins);
  check_names_in_config(plugins, config);
  Session source(config.source, Session::Role::source, config.load, "mighost plan");
  Session target(config.target, Session::Role::target, config.load, "mighost plan");
  const Plan planned = make_plan(plugins, config, arguments.selection, source, target);
  print_both(json, plan_text(planned, config), plan_json(planned, config));
  return Exit::done;
}

Exit check(const Arguments& arguments) {
  set_up_log(arguments, nullptr);
  JsonOutput json(arguments.json);
  const RunConfig config = read_run_config(arguments.config);
  set_up_log(arguments, &config);
  const std::vector<CheckLine> lines = run_checks(arguments.plugins, config);
  print_both(json, check_text(lines, color_allowed(STDOUT_FILENO)), check_json(lines));
  return any_failed(lines) ? Exit::preflight : Exit::done;
}

}  // namespace

Exit execute(const Arguments& arguments) {
  switch (arguments.command) {
    case Command::help:
      print_result(help_text(arguments.help_for));
      return Exit::done;
    case Command::version:
      print_result(version_text());
      return Exit::done;
    case Command::list:
      return list(arguments);
    case Command::plan:
      return plan(arguments);
    case Command::check:
      return check(arguments);
    case Command::verify:
      return verify_command(arguments);
    case Command::rollback:
      return rollback_command(arguments);
    case Command::status:
      return status_command(arguments);
    case Command::explain:
      return explain_command(arguments);
    case Command::quarantine:
      return quarantine_command(arguments);
    case Command::run:
    case Command::resume:
    case Command::replay:
      return run_command(arguments);
  }
  return Exit::internal;
}

}  // namespace mighost
