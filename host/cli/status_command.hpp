#pragma once
// `mighost status`: who works on which run, how far it is, and what it waits for.
#include "cli/arguments.hpp"
#include "report/error.hpp"

namespace mighost {

Exit status_command(const Arguments& arguments);

}  // namespace mighost
