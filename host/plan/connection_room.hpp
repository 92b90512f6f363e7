#pragma once
// How many connections a server lets a role have, and how many a process needs.
#include <cstdint>
#include <optional>

#include "pg/session.hpp"

namespace mighost {

/// Connections besides the session that asks. The server's limit, and that of the database and the
/// role, which superusers do not have.
struct ConnectionRoom {
  std::int64_t allowed = 0, free = 0;
  std::optional<std::int64_t> own_allowed, own_free;
};

ConnectionRoom connection_room(Session& session);

struct ConnectionNeed {
  std::int64_t source = 1, target = 3;  // in one transaction: rows, control and heartbeat
};

/// Of a process with so many lanes, when every one of them is at work.
ConnectionNeed need_of_lanes(std::uint32_t lanes);

}  // namespace mighost
