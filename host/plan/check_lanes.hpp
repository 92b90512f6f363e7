#pragma once
// The checks of how many lanes a run would have, and of the connections that they need.
#include <string>
#include <vector>

#include "plan/check_list.hpp"

namespace mighost {

void check_lanes(const RunConfig& config, Session& source, Session& target, CheckList& list);

std::vector<std::string> lane_checks();

}  // namespace mighost
