#pragma once
// `mighost rollback`: undoes a run.
#include "cli/arguments.hpp"
#include "report/error.hpp"

namespace mighost {

Exit rollback_command(const Arguments& arguments);

}  // namespace mighost
