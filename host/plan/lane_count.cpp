#include "plan/lane_count.hpp"

#include <algorithm>
#include <thread>

#include "config/memory_shares.hpp"
#include "plan/connection_room.hpp"
#include "report/error.hpp"
#include "report/log.hpp"

namespace mighost {
namespace {

// A lane's three stages and the two servers behind it keep about as many cores busy.
constexpr std::uint32_t cores_per_lane = 2;
constexpr std::uint32_t lanes_max = 16;

/// Half of what is free: others want to connect as well.
std::uint32_t connections_to_spare(Session& session) {
  const ConnectionRoom room = connection_room(session);
  const std::int64_t free = std::min(room.free, room.own_free.value_or(room.free));
  return static_cast<std::uint32_t>(std::max<std::int64_t>(2, free) / 2);
}

}  // namespace

std::uint32_t lane_count(const RunConfig& config, Session& target, Session& source) {
  if (config.chunks.lanes > 0) {
    const std::uint64_t least = least_memory(config.load, config.chunks.lanes);
    if (config.load.memory >= least) return config.chunks.lanes;
    throw Error(Exit::usage,
                "memory does not suffice for " + std::to_string(config.chunks.lanes) + " lanes",
                config.file.string(),
                "write [load] memory = \"" + std::to_string(least >> 20) + "MiB\", or fewer lanes");
  }
  const std::uint32_t by_cores =
      std::clamp(std::thread::hardware_concurrency() / cores_per_lane, 1U, lanes_max);
  const std::uint32_t by_servers =
      std::min(connections_to_spare(target), connections_to_spare(source));
  std::uint32_t lanes = std::max(1U, std::min(by_cores, by_servers));
  while (lanes > 1 && config.load.memory < least_memory(config.load, lanes)) --lanes;
  log(LogLevel::debug, "lanes",
      {{"by_cores", std::to_string(by_cores)}, {"by_servers", std::to_string(by_servers)}});
  return lanes;
}

}  // namespace mighost
