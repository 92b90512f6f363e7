#pragma once
// How the result of `mighost check` is printed.
#include <string>
#include <vector>

#include "plan/check.hpp"

namespace mighost {

bool any_failed(const std::vector<CheckLine>& lines);
std::string check_text(const std::vector<CheckLine>& lines, bool color);
std::string check_json(const std::vector<CheckLine>& lines);

}  // namespace mighost
