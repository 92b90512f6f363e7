#include "lanes/parent_books.hpp"

#include <algorithm>

#include "pg/bytea.hpp"
#include "run/existing_rows.hpp"
#include "run/held_keys.hpp"
#include "run/reject_meter.hpp"
#include "run/waived_rows.hpp"

namespace mighost {
namespace {

bool computed(const Entity& entity) {
  return entity.identity == MIG_IDENTITY_UUID5 || entity.identity == MIG_IDENTITY_KEEP;
}

}  // namespace

void ParentBooks::open(RunContext& run, const PlannedEntity& planned) {
  for (const Reference& reference : planned.entity->references) {
    const auto is = [&](const std::string& name) { return name == reference.entity; };
    for (const PlannedEntity& other : crew_.plan.entities) {
      // What is set at the end of the run is not looked up: only that there is such an entity.
      if (is(other.entity->name) && !reference.late) {
        run.books[reference.entity] = parent(run, *other.entity);
      } else if (is(other.entity->name)) {
        run.books.emplace(reference.entity,
                          std::make_shared<KeyBook>(*other.entity, run.config.identity_namespace));
      }
    }
    for (const Entity* outside : crew_.plan.read_only_parents) {
      if (is(outside->name)) run.books[reference.entity] = parent(run, *outside);
    }
  }
}

std::shared_ptr<KeyBook> ParentBooks::parent(RunContext& run, const Entity& entity) {
  const std::lock_guard lock(mutex_);
  auto& book = parents_[entity.name];
  if (!book) book = read_parent(run, entity);
  return book;
}

std::shared_ptr<KeyBook> ParentBooks::read_parent(RunContext& run, const Entity& entity) {
  auto book = std::make_shared<KeyBook>(entity, run.config.identity_namespace);
  RunContext reading = run;
  reading.books = {{entity.name, book}};
  const bool of_run = std::any_of(
      crew_.plan.entities.begin(), crew_.plan.entities.end(),
      [&](const PlannedEntity& planned) { return planned.entity->name == entity.name; });
  const bool of_keys =
      of_run && computed(entity) && rows_before(run.target, crew_.ticket.run_id, entity.name) == 0;
  if (of_keys && add_finished(run, entity, *book)) {
    load_aliases(reading, entity, *book);
  } else {
    load_parent_keys(reading, entity, *book);
  }
  load_held_keys(reading, {entity.name});
  if (RejectMeter::of(run.config) != nullptr) add_waived_rows(run.target, *book, true);
  book->finish();
  return book;
}

/// The keys that its lanes have put beside its rows. False: the rows tell them.
bool ParentBooks::add_finished(RunContext& run, const Entity& entity, KeyBook& book) {
  const auto keys = run.target
                        .query(
                            "SELECT keys FROM mighost.loads WHERE run_id = $1 AND "
                            "entity = $2",
                            {crew_.ticket.run_id, entity.name})
                        .value();
  if (keys) book.add_written(KeySet::decode(bytes_of_bytea(*keys)));
  return keys.has_value();
}

std::shared_ptr<KeyBook> ParentBooks::earlier(RunContext& run, const PlannedEntity& planned) {
  const std::lock_guard lock(mutex_);
  const Entity& entity = *planned.entity;
  auto& book = earlier_[entity.name];
  if (book) return book;
  auto fresh = std::make_shared<KeyBook>(entity, run.config.identity_namespace);
  if (rows_before(run.target, crew_.ticket.run_id, entity.name) > 0 &&
      entity.identity != MIG_IDENTITY_NATURAL) {
    load_existing_keys(run.target, entity, *fresh);
  }
  if (RejectMeter::of(run.config) != nullptr) add_waived_rows(run.target, *fresh, false);
  book = fresh;
  return book;
}

}  // namespace mighost
