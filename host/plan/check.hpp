#pragma once
// `mighost check`: everything that can be known before a run to stand in its way, looked at one by
// one. A check that cannot be made because an earlier one failed is a failure, never a pass.
#include <filesystem>
#include <string>
#include <vector>

#include "config/run_config.hpp"

namespace mighost {

struct CheckLine {
  std::string status;  // PASS, WARN, FAIL
  std::string name, message, remedy;
};

/// Never throws for what it finds; no line holds a password.
std::vector<CheckLine> run_checks(const std::filesystem::path& plugins, const RunConfig& config);

}  // namespace mighost
