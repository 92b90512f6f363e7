#include "plan/connection_room.hpp"

#include <string>

namespace mighost {
namespace {

// Of other roles' sessions not everybody may see the type.
constexpr const char* room_sql = R"(
WITH others AS (
  SELECT datid, usesysid FROM pg_catalog.pg_stat_activity
   WHERE pid <> pg_catalog.pg_backend_pid()
     AND (backend_type = 'client backend' OR backend_type IS NULL AND usesysid IS NOT NULL)),
me AS (
  SELECT r.oid, r.rolsuper, d.oid AS database,
         nullif(r.rolconnlimit, -1) AS of_role, nullif(d.datconnlimit, -1) AS of_database
    FROM pg_catalog.pg_roles r, pg_catalog.pg_database d
   WHERE r.rolname = session_user AND d.datname = pg_catalog.current_database()),
server AS (
  SELECT pg_catalog.current_setting('max_connections')::int - CASE WHEN rolsuper THEN 0 ELSE
         pg_catalog.current_setting('superuser_reserved_connections')::int +
         coalesce(pg_catalog.current_setting('reserved_connections', true)::int, 0) END AS allowed
    FROM me)
SELECT allowed, allowed - 1 - (SELECT count(*) FROM others),
       CASE WHEN NOT rolsuper THEN least(of_role, of_database) END,
       CASE WHEN NOT rolsuper THEN
         least(of_role - 1 - (SELECT count(*) FROM others WHERE usesysid = me.oid),
               of_database - 1 - (SELECT count(*) FROM others WHERE datid = me.database)) END
  FROM server, me)";

}  // namespace

ConnectionRoom connection_room(Session& session) {
  const Rows rows = session.query(room_sql);
  const auto number = [&](std::size_t column) -> std::optional<std::int64_t> {
    const auto& value = rows.at(0, column);
    return value ? std::optional<std::int64_t>(std::stoll(*value)) : std::nullopt;
  };
  return {number(0).value_or(0), number(1).value_or(0), number(2), number(3)};
}

ConnectionNeed need_of_lanes(std::uint32_t lanes) {
  // Each lane has one on both sides; one more holds the source's snapshot, and three are for
  // control, heartbeat and a look at other processes' leases.
  return {std::int64_t{lanes} + 1, std::int64_t{lanes} + 3};
}

}  // namespace mighost
