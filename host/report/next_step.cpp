#include "report/next_step.hpp"

#include "report/text.hpp"

namespace mighost {

std::string next_command(std::string_view words, const std::string& config_file) {
  const std::string command = "mighost " + std::string(words);
  return config_file.empty() ? command : command + " --config " + shell_word(config_file);
}

std::string next_resume(const std::string& run_id, const std::string& plugins,
                        const std::string& config_file) {
  const std::string folder = plugins.empty() ? "DIR" : shell_word(plugins);
  return next_command("resume " + run_id + " --plugins " + folder, config_file);
}

}  // namespace mighost
