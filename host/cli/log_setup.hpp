#pragma once
// The log as the command line and the configuration together want it.
#include "cli/arguments.hpp"
#include "config/run_config.hpp"

namespace mighost {

/// `config` is null until it has been read; the command line goes before it.
void set_up_log(const Arguments& arguments, const RunConfig* config);

}  // namespace mighost
