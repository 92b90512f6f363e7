#pragma once
// `mighost run`: configuration, plugins, the run itself, then its summary and its report.
#include <string>

#include "cli/arguments.hpp"
#include "report/error.hpp"
#include "report/progress.hpp"

namespace mighost {

Exit run_command(const Arguments& arguments);

/// How progress is shown when stderr is, or is not, a terminal.
Progress::Style progress_style(const Arguments& arguments, bool terminal);

/// An Error's text taken apart into its three parts again.
Error error_from_text(Exit exit, const std::string& text);

}  // namespace mighost
