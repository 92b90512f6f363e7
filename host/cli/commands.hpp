#pragma once
// The commands: each wires the parts together, prints, and says how the program shall end.
#include "cli/arguments.hpp"
#include "report/error.hpp"

namespace mighost {

/// Throws Error for what ends the command.
Exit execute(const Arguments& arguments);

}  // namespace mighost
