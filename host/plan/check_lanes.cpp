#include "plan/check_lanes.hpp"

#include <algorithm>

#include "plan/connection_room.hpp"
#include "plan/lane_count.hpp"
#include "report/text.hpp"

namespace mighost {
namespace {

constexpr const char* lanes_check = "lanes";

std::string check_of(const std::string& side) { return side + " connections"; }

/// `own` connections are needed, and `beside` of the same server for the other side. The sessions
/// that look are gone when the run comes.
void check_room(Session& session, std::int64_t own, std::int64_t beside, bool in_lanes,
                CheckList& list) {
  const std::string name = check_of(session.side());
  const ConnectionRoom room = connection_room(session);
  const std::int64_t looking = beside > 0 ? 2 : 1;
  const std::int64_t server_allowed = room.allowed - beside;
  const std::int64_t server_free = room.free + looking - beside;
  const auto shown = [](std::int64_t number) {
    return std::to_string(std::max<std::int64_t>(0, number));
  };
  const std::int64_t allowed = std::min(server_allowed, room.own_allowed.value_or(server_allowed));
  const std::int64_t free = std::min(server_free, room.own_free ? *room.own_free + 1 : server_free);
  const std::string needed = shown(own) + " needed";
  const std::string remedy = std::string(in_lanes ? "set fewer [transaction] lanes, or " : "") +
                             "raise max_connections, or the CONNECTION LIMIT of role or database";
  if (own > allowed) return list.fail(name, needed + ", " + shown(allowed) + " allowed", remedy);
  if (own > free) {
    return list.warn(name, needed + ", " + shown(free) + " free now",
                     "end other sessions, or " + remedy);
  }
  list.pass(name, needed + ", " + shown(free) + " free now");
}

bool same_server(Session& one, Session& other) {
  constexpr const char* started = "SELECT pg_catalog.pg_postmaster_start_time()";
  return one.query(started).value() == other.query(started).value();
}

}  // namespace

void check_lanes(const RunConfig& config, Session& source, Session& target, CheckList& list) {
  const bool in_lanes = config.scope == "chunk";
  ConnectionNeed need;
  list.make(lanes_check, [&] {
    if (!in_lanes) return list.pass(lanes_check, "scope " + config.scope + " has none");
    const std::uint32_t lanes = config.chunks.lanes;
    need = need_of_lanes(lanes > 0 ? lanes : 1);
    const std::uint32_t number = lane_count(config, target, source);
    need = need_of_lanes(number);
    list.pass(lanes_check, counted(number, "lane", "lanes"));
  });
  bool together = false;
  list.make(check_of("source"), [&] {
    together = same_server(source, target);
    check_room(source, need.source, together ? need.target : 0, in_lanes, list);
  });
  list.make(check_of("target"),
            [&] { check_room(target, need.target, together ? need.source : 0, in_lanes, list); });
}

std::vector<std::string> lane_checks() {
  return {lanes_check, check_of("source"), check_of("target")};
}

}  // namespace mighost
