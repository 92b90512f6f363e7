#include "report/next_step.hpp"

#include <filesystem>

#include "report/text.hpp"

namespace mighost {
namespace {

/// The ledger keeps these words, and who reads them there stands in another directory.
std::string path_word(const std::string& path) {
  std::error_code failed;
  const auto whole = std::filesystem::absolute(path, failed);
  return shell_word(failed ? path : whole.lexically_normal().string());
}

}  // namespace

std::string next_command(std::string_view words, const std::string& config_file) {
  const std::string command = "mighost " + std::string(words);
  return config_file.empty() ? command : command + " --config " + path_word(config_file);
}

std::string next_resume(const std::string& run_id, const std::string& plugins,
                        const std::string& config_file) {
  const std::string folder = plugins.empty() ? "DIR" : path_word(plugins);
  return next_command("resume " + run_id + " --plugins " + folder, config_file);
}

}  // namespace mighost
