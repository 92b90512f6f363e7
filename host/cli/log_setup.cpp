#include "cli/log_setup.hpp"

#include <unistd.h>

#include "report/screen.hpp"

namespace mighost {

void set_up_log(const Arguments& arguments, const RunConfig* config) {
  LogOptions options;
  if (config != nullptr) options.level = log_level(config->log_level).value_or(options.level);
  if (arguments.quiet && options.level < LogLevel::warn) options.level = LogLevel::warn;
  if (arguments.log_level) options.level = *arguments.log_level;
  options.json = arguments.log_json;
  options.color = color_allowed(STDERR_FILENO);
  options.file = arguments.log_file;
  setup_log(options);
}

}  // namespace mighost
