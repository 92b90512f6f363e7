#pragma once
// How many lanes a process has when nobody says: what the machine's cores feed, and what both
// servers have connections for.
#include <cstdint>

#include "config/run_config.hpp"
#include "pg/session.hpp"

namespace mighost {

std::uint32_t lane_count(const RunConfig& config, Session& target, Session& source);

}  // namespace mighost
