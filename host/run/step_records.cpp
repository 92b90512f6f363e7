#include "run/step_records.hpp"

#include <nlohmann/json.hpp>

#include "run/closure.hpp"

namespace mighost {
namespace {

std::string codes_json(const CountByCode& counts) {
  nlohmann::json object = nlohmann::json::object();
  for (const auto& [code, rows] : counts) object[code] = rows;
  return object.dump();
}

}  // namespace

void record_step(Session& target, const std::string& run_id, const EntityReport& entity,
                 std::size_t position) {
  const auto text = [](std::uint64_t number) { return std::optional(std::to_string(number)); };
  const Counts& c = entity.counts;
  target.query(
      "INSERT INTO mighost.steps (run_id, entity, position, read, written, unchanged, merged, "
      "filtered, quarantined, parked, drift, whole, seconds, codes, notes, taken_up, healed, "
      "known, phase) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, "
      "$16, $17, $18, $19) ON CONFLICT (run_id, entity) DO UPDATE SET read = excluded.read, "
      "written = "
      "excluded.written, unchanged = excluded.unchanged, merged = excluded.merged, filtered = "
      "excluded.filtered, quarantined = excluded.quarantined, parked = excluded.parked, drift = "
      "excluded.drift, seconds = excluded.seconds, codes = excluded.codes, notes = excluded.notes",
      {run_id, entity.name, text(position), text(c.read), text(c.written), text(c.unchanged),
       text(c.merged), text(c.filtered), text(c.quarantined), text(c.parked), text(entity.drift),
       entity.whole ? "true" : "false", std::to_string(entity.seconds), codes_json(entity.codes),
       codes_json(entity.notes), text(entity.taken_up), text(entity.healed), text(entity.known),
       std::to_string(entity.phase)});
}

void record_steps(Session& target, const RunReport& report, std::size_t first) {
  for (std::size_t position = 0; position < report.entities.size(); ++position) {
    const EntityReport& entity = report.entities[position];
    // final_checks vetoes; the ledger takes no such books.
    if (entity.counts.balanced()) {
      record_step(target, report.run_id, entity, first + position);
    }
  }
}

void check_standing_books(Session& target, RunReport& report) {
  std::vector<std::string> entities;
  for (const EntityReport& entity : report.entities) entities.push_back(entity.name);
  const Rows wrong = target.query(
      "SELECT entity, held_back, quarantined + parked FROM mighost.books "
      "WHERE entity = ANY ($1::text[]) AND quarantined + parked <> held_back ORDER BY entity",
      {text_array(entities)});
  for (const auto& row : wrong.rows) {
    report.findings.push_back({"books",
                               *row[0],
                               "mighost",
                               "veto",
                               "by the steps " + *row[1] + " rows are held back, and " + *row[2] +
                                   " records stand in the quarantine",
                               0,
                               {}});
  }
}

void record_end(Session& target, const RunReport& report, int exit_code) {
  target.query(
      "UPDATE mighost.runs SET status = $2, finished_at = clock_timestamp(), exit_code = $3 "
      "WHERE run_id = $1",
      {report.run_id, report.status, std::to_string(exit_code)});
}

std::vector<EntityReport> recorded_steps(Session& target, const std::string& run_id) {
  std::vector<EntityReport> entities;
  const Rows steps = target.query(
      "SELECT entity, read, written, unchanged, merged, filtered, quarantined, parked, drift, "
      "seconds, codes, notes FROM mighost.steps WHERE run_id = $1 ORDER BY position",
      {run_id});
  for (const auto& row : steps.rows) {
    EntityReport entity;
    entity.name = *row[0];
    entity.family = entity.name.substr(0, entity.name.find('.'));
    Counts& c = entity.counts;
    std::size_t at = 1;
    for (std::uint64_t* count : {&c.read, &c.written, &c.unchanged, &c.merged, &c.filtered,
                                 &c.quarantined, &c.parked, &entity.drift}) {
      *count = std::stoull(*row[at++]);
    }
    entity.seconds = std::stod(*row[9]);
    entity.codes = nlohmann::json::parse(*row[10]).get<CountByCode>();
    entity.notes = nlohmann::json::parse(*row[11]).get<CountByCode>();
    entities.push_back(std::move(entity));
  }
  return entities;
}

}  // namespace mighost
