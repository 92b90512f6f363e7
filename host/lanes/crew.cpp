#include "lanes/crew.hpp"

#include <algorithm>

#include "report/error.hpp"

namespace mighost {

std::size_t Crew::position(const std::string& entity) const {
  for (std::size_t at = 0; at < plan.entities.size(); ++at) {
    if (plan.entities[at].entity->name == entity) return at;
  }
  throw Error(Exit::failed, "the run has an entity that this process does not know: " + entity,
              "run " + ticket.run_id,
              "join and resume with the plugins that the run was begun with");
}

const PlannedEntity& Crew::planned(const std::string& entity) const {
  return plan.entities[position(entity)];
}

std::shared_ptr<EntityProgress> Crew::progress_of(const std::string& entity) {
  const std::lock_guard lock(mutex_);
  auto& known = shown_[entity];
  if (auto shown = known.lock()) return shown;
  const double rows = planned(entity).expected_rows;
  auto shown = progress.start(entity, rows > 0 ? static_cast<std::uint64_t>(rows) : 0);
  known = shown;
  return shown;
}

unsigned Crew::failed(const std::string& entity, int chunk) {
  const std::lock_guard lock(mutex_);
  return failures_[{entity, chunk}]++;
}

void Crew::succeeded(const std::string& entity, int chunk) {
  const std::lock_guard lock(mutex_);
  failures_.erase({entity, chunk});
}

RunContext lane_context(Crew& crew, LaneSessions& sessions, std::atomic<bool>& cancelled) {
  RunContext run{crew.config,   crew.plan,   sessions.source, sessions.target,
                 crew.progress, crew.run_id, cancelled};
  run.hash_source = true;
  run.memory = crew.memory;
  return run;
}

std::vector<std::string> late_tables(const Crew& crew, const PlannedEntity& planned) {
  std::vector<std::string> tables;
  const Entity& entity = *planned.entity;
  const auto loaded = [&](const std::string& name) {
    const auto runs = [&](const PlannedEntity& one) { return one.entity->name == name; };
    const auto is_there = [&](const Entity* parent) { return parent->name == name; };
    return std::any_of(crew.plan.entities.begin(), crew.plan.entities.end(), runs) ||
           std::any_of(crew.plan.read_only_parents.begin(), crew.plan.read_only_parents.end(),
                       is_there);
  };
  for (std::size_t index = 0; index < entity.references.size(); ++index) {
    tables.emplace_back();
    const Reference& reference = entity.references[index];
    if (!reference.late || !loaded(reference.entity)) continue;
    tables.back() =
        "\"mighost\"." +
        quote_identifier("late_" + crew.ticket.run_id.substr(0, 8) + "_" +
                         std::to_string(crew.position(entity.name)) + "_" + std::to_string(index));
  }
  return tables;
}

}  // namespace mighost
