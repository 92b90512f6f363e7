#pragma once
// What --help, `mighost help` and --version print.
#include <optional>
#include <string>

#include "cli/arguments.hpp"

namespace mighost {

/// The page of one command, or the overview.
std::string help_text(std::optional<Command> command);
std::string version_text();

}  // namespace mighost
