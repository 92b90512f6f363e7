#include "run/sample_check.hpp"

#include "batch/legacy_key.hpp"
#include "run/pipeline.hpp"

namespace mighost {
namespace {

std::vector<std::string> sent_columns(const Entity& entity) {
  std::vector<std::string> columns;
  for (const Column& column : entity.target_columns) columns.push_back(column.name);
  const bool host_fills =
      !entity.identity_column.empty() && entity.identity != MIG_IDENTITY_ASSIGNED;
  if (host_fills) columns.push_back(entity.identity_column);
  return columns;
}

}  // namespace

Drift transform_again(RunContext& run, const PlannedEntity& planned, std::size_t position,
                      const std::vector<std::string>& keys) {
  PlannedEntity part = planned;
  part.only_keys = keys;
  const Entity& entity = *part.entity;
  KeyBook own(entity, run.config.identity_namespace);
  for (const std::string& text : keys) {
    const auto key = parse_key(entity.source_columns, entity.n_key, text);
    if (key) own.add_existing(*key, std::nullopt);
  }
  EntityContext context{&part,
                        &own,
                        {},
                        run.plan.settings,
                        RecordEncoder(run.run_id, entity.name),
                        entity.plugin->family + " " + entity.plugin->version,
                        &run.cancelled,
                        true,
                        false};
  for (const Reference& reference : entity.references) {
    const auto book = run.books.find(reference.entity);
    context.parents.push_back(book == run.books.end() ? nullptr : book->second.get());
  }
  const std::vector<std::string> columns = sent_columns(entity);
  LoadStatements statements;
  const std::string comparison = create_comparison_table(run.target, part, position, columns);
  statements.fresh = copy_in_statement(comparison, columns);
  statements.existing = statements.fresh;
  statements.late.resize(entity.references.size());
  Drift drift;
  {
    SourceReader reader(run.source, part, run.config.load);
    TransformStage transform(context, nullptr);
    RowLoader loader(run.target, context, std::move(statements));
    std::atomic<std::uint64_t> rows_read{0};
    run_pipeline(reader, transform, loader, run.config.load.queue_bytes, run.cancelled, rows_read);
    drift = compare_existing(run.target, part, comparison);
    // Rows that went once and would not go again.
    const std::uint64_t refused = transform.tally().drift + loader.tally().drift;
    if (refused > 0) {
      drift.rows += refused;
      drift.remark += (drift.remark.empty() ? "" : "; ") + std::to_string(refused) +
                      " would not go a second time";
    }
  }
  run.target.execute("DROP TABLE " + comparison);
  return drift;
}

std::vector<std::string> legacy_keys_of(Session& target, const Entity& entity,
                                        const std::vector<std::string>& new_keys) {
  std::string list;
  for (const auto& key : new_keys) list += (list.empty() ? "" : ", ") + quote_literal(key);
  std::vector<std::string> keys;
  if (list.empty()) return keys;
  const Rows rows = target.query(
      "SELECT DISTINCT legacy_key FROM mighost.new_keys WHERE entity = $1 AND new_key IN (" + list +
          ")",
      {entity.name});
  for (const auto& row : rows.rows) keys.push_back(*row.front());
  return keys;
}

}  // namespace mighost
