#pragma once
// The result of `mighost verify` for people and as JSON.
#include <string>
#include <vector>

#include "verify/verdict.hpp"

namespace mighost {

std::string verify_text(const std::vector<Verdict>& verdicts, bool color);
std::string verify_json(const std::vector<Verdict>& verdicts);

}  // namespace mighost
