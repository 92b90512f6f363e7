#pragma once
// `mighost explain`: the path of one row, for people and as JSON.
#include <string>

#include "cli/arguments.hpp"
#include "report/error.hpp"
#include "run/explain.hpp"

namespace mighost {

Exit explain_command(const Arguments& arguments);

/// Without `values`, columns are named and their values are not shown; nor is what a plugin or the
/// server says of a row.
std::string explanation_text(const Explanation& row, bool values, bool color);
std::string explanation_json(const Explanation& row, bool values);

}  // namespace mighost
