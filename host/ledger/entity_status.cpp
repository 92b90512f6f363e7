// How far the entities of a run are: from its steps when it is over, from its chunks, and from what
// its workers say.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "ledger/status.hpp"

namespace mighost {
namespace {

std::uint64_t count_or_zero(const std::optional<std::string>& text) {
  return text ? std::stoull(*text) : 0;
}

std::vector<EntityStatus> from_steps(Session& target, const std::string& run_id) {
  const Rows rows = target.query(
      "SELECT entity, read, written, seconds FROM mighost.steps WHERE run_id = $1 "
      "ORDER BY position",
      {run_id});
  std::vector<EntityStatus> entities;
  for (const auto& row : rows.rows) {
    EntityStatus entity;
    entity.name = *row[0];
    entity.state = "finished";
    entity.rows = count_or_zero(row[1]);
    entity.written = count_or_zero(row[2]);
    entity.seconds = std::stod(row[3].value_or("0"));
    entities.push_back(std::move(entity));
  }
  return entities;
}

/// The pace of the last minutes: chunks may have been done days before, by a run that was resumed.
std::vector<EntityStatus> from_chunks(Session& target, const std::string& run_id,
                                      bool count_written) {
  const std::string done = "FILTER (WHERE c.status = 'done')";
  const std::string recent = "FILTER (WHERE c.done_at > clock_timestamp() - interval '5 minutes')";
  // The record of an entity that is finished sums up those of its chunks.
  const std::string written =
      count_written ? "coalesce((l.record->'part'->>'written')::bigint, sum((c.record->>"
                      "'written')::bigint) " +
                          done + ")"
                    : "(l.record->'part'->>'written')::bigint";
  const std::string rows_of = "coalesce(c.rows, (c.record->>'read')::bigint)";
  const Rows rows =
      target.query("SELECT l.entity, l.status, l.error, count(c.number), count(c.number) " + done +
                       ", sum(" + rows_of + ") " + done + ", " + written + ", count(*) " + recent +
                       ", sum(" + rows_of + ") " + recent +
                       ", extract(epoch FROM clock_timestamp() - min(c.done_at - c.seconds * "
                       "interval '1 second') " +
                       recent +
                       ") FROM mighost.loads l LEFT JOIN mighost.chunks c "
                       "USING (run_id, entity) WHERE l.run_id = $1 GROUP BY l.run_id, l.entity "
                       "ORDER BY l.position",
                   {run_id});
  std::vector<EntityStatus> entities;
  for (const auto& row : rows.rows) {
    EntityStatus entity;
    entity.name = *row[0];
    entity.state = *row[1];
    entity.error = row[2].value_or("");
    entity.chunks = count_or_zero(row[3]);
    entity.chunks_done = count_or_zero(row[4]);
    entity.rows = count_or_zero(row[5]);
    if (row[6]) entity.written = count_or_zero(row[6]);
    const auto chunks_lately = static_cast<double>(count_or_zero(row[7]));
    const double span = row[9] ? std::stod(*row[9]) : 0;
    if (entity.state == "loading" && span > 0 && chunks_lately > 0) {
      entity.rows_per_second = static_cast<double>(count_or_zero(row[8])) / span;
      const auto left = static_cast<double>(entity.chunks - entity.chunks_done);
      if (left > 0) entity.seconds_left = left * span / chunks_lately;
    }
    entities.push_back(std::move(entity));
  }
  return entities;
}

/// Of a run in one transaction nothing else can be seen from outside.
EntityStatus from_activity(const nlohmann::json& said) {
  EntityStatus entity;
  entity.name = said.value("entity", "");
  entity.state = "loading";
  entity.rows = said.value("rows", std::uint64_t{0});
  entity.expected = said.value("expected", std::uint64_t{0});
  const double seconds = said.value("seconds", 0.0);
  if (seconds <= 0) return entity;
  entity.seconds = seconds;
  if (entity.rows == 0 || said.value("doing", "") != "reading") return entity;
  entity.rows_per_second = static_cast<double>(entity.rows) / seconds;
  if (entity.expected > entity.rows) {
    entity.seconds_left =
        static_cast<double>(entity.expected - entity.rows) / *entity.rows_per_second;
  }
  return entity;
}

void add_activity(const nlohmann::json& said, std::vector<EntityStatus>& entities) {
  if (!said.is_object()) return;
  const EntityStatus one = from_activity(said);
  if (one.name.empty()) return;
  auto place = std::find_if(entities.begin(), entities.end(),
                            [&](const EntityStatus& other) { return other.name == one.name; });
  if (place == entities.end()) place = entities.insert(entities.end(), one);
  const std::string doing = said.value("doing", "");
  if (doing.empty() || place->doing.find(doing) != std::string::npos) return;
  place->doing += (place->doing.empty() ? "" : ", ") + doing;
}

}  // namespace

std::vector<EntityStatus> entity_states(Session& target, const RunLine& run,
                                        const std::vector<SeenWorker>& workers,
                                        bool count_written) {
  std::vector<EntityStatus> entities = from_chunks(target, run.id, count_written);
  if (entities.empty()) entities = from_steps(target, run.id);
  for (const SeenWorker& worker : workers) {
    if (run.status != "running" || !seen_lately(worker)) continue;
    const auto activity = nlohmann::json::parse(worker.activity, nullptr, false);
    if (!activity.is_array()) continue;
    try {
      for (const auto& said : activity) add_activity(said, entities);
    } catch (const nlohmann::json::exception&) {
      continue;  // another version's words
    }
  }
  return entities;
}

}  // namespace mighost
