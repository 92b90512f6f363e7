#pragma once
// `mighost verify`: is every row still as it was brought?
#include "cli/arguments.hpp"
#include "report/error.hpp"

namespace mighost {

Exit verify_command(const Arguments& arguments);

}  // namespace mighost
