#include "lanes/budgets.hpp"

#include <algorithm>

namespace mighost {
namespace {

struct Held {
  std::uint64_t rows = 0, read = 0;
};

bool has_own_budget(const Crew& crew, const std::string& entity) {
  const RejectBudget& own = crew.planned(entity).config.rejects;
  return own.rows || own.share;
}

/// By entity, of the chunks that are done; of an entity that is finished with the rows that only
/// its indexes refused.
std::map<std::string, Held> held(Session& target, const Crew& crew) {
  std::map<std::string, Held> by_entity;
  const Rows rows = target.query(
      "SELECT entity, coalesce(max((l.record->'part'->>'rejects')::bigint), "
      "sum((c.record->>'rejects')::bigint)), sum((c.record->>'read')::bigint) "
      "FROM mighost.chunks c JOIN mighost.loads l USING (run_id, entity) "
      "WHERE run_id = $1 AND c.status = 'done' GROUP BY entity",
      {crew.ticket.run_id});
  for (const auto& row : rows.rows) {
    by_entity[*row[0]] = {std::stoull(*row[1]), std::stoull(*row[2])};
  }
  return by_entity;
}

/// Of the entities that have no budget of their own.
Held of_run(const Crew& crew, const std::map<std::string, Held>& by_entity) {
  Held sum;
  for (const auto& [entity, one] : by_entity) {
    if (has_own_budget(crew, entity)) continue;
    sum.rows += one.rows;
    sum.read += one.read;
  }
  return sum;
}

std::unique_ptr<RejectMeter> meter_for(const Crew& crew, const PlannedEntity& planned,
                                       const std::map<std::string, Held>& by_entity) {
  auto meter = std::make_unique<RejectMeter>(crew.config);
  meter->entity_begins(planned.entity->name, planned.config);
  const auto own = by_entity.find(planned.entity->name);
  meter->held_before(own == by_entity.end() ? 0 : own->second.rows, of_run(crew, by_entity).rows);
  return meter;
}

}  // namespace

std::unique_ptr<RejectMeter> chunk_meter(Session& target, const Crew& crew,
                                         const PlannedEntity& planned) {
  if (RejectMeter::of(crew.config) == nullptr) return nullptr;
  return meter_for(crew, planned, held(target, crew));
}

void judge_run_budget(Session& target, const Crew& crew) {
  if (RejectMeter::of(crew.config) == nullptr || crew.plan.entities.empty()) return;
  const auto by_entity = held(target, crew);
  RejectMeter meter(crew.config);
  meter.run_holds(of_run(crew, by_entity).rows, of_run(crew, by_entity).read);
  meter.run_ends();
}

}  // namespace mighost
