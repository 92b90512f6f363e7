#include "cli/explain_command.hpp"

#include <unistd.h>

#include "cli/log_setup.hpp"
#include "cli/output.hpp"
#include "plugin/library.hpp"
#include "plugin/settings.hpp"
#include "report/screen.hpp"
#include "report/text.hpp"

namespace mighost {

Exit explain_command(const Arguments& arguments) {
  set_up_log(arguments, nullptr);
  JsonOutput json(arguments.json);
  const RunConfig config = read_run_config(arguments.config);
  set_up_log(arguments, &config);
  const auto plugins = load_plugins(arguments.plugins);
  check_names_in_config(plugins, config);
  const std::string& entity = arguments.operands.at(0);
  const std::string& key = arguments.operands.at(1);
  const Explanation row = explain_row(plugins, config, entity, key);
  json.write(explanation_json(row, arguments.show_values));
  if (!json.on_stdout()) {
    print_result(explanation_text(row, arguments.show_values, color_allowed(STDOUT_FILENO)));
  }
  if (row.found()) return Exit::done;
  throw Error(Exit::failed, "there is no such row: not in the source, the target or the ledger",
              one_line(entity) + " " + one_line(key), "check the key; nothing was touched");
}

}  // namespace mighost
