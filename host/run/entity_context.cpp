#include "run/entity_context.hpp"

#include "run/run_context.hpp"

namespace mighost {

EntityContext entity_context(RunContext& run, const PlannedEntity& planned, KeyBook& own) {
  const Entity& entity = *planned.entity;
  EntityContext context{
      .planned = &planned,
      .own = &own,
      .settings = run.plan.settings,
      .records = RecordEncoder(run.run_id, entity.name),
      .plugin = plugin_title(*entity.plugin),
      .cancelled = &run.cancelled,
      .validator_terms = {run.config.validation, &run.cancelled, &run.hung_validators},
      .memory = run.memory};
  for (const Reference& reference : entity.references) {
    const auto book = run.books.find(reference.entity);
    context.parents.push_back(book == run.books.end() ? nullptr : book->second.get());
  }
  return context;
}

}  // namespace mighost
