#include "run/sample_check.hpp"

#include "batch/legacy_key.hpp"
#include "run/pipeline.hpp"

namespace mighost {

SecondLook transform_again(RunContext& run, const PlannedEntity& planned, std::size_t position,
                           const std::vector<std::string>& keys,
                           const std::function<void(const std::string&)>& see) {
  PlannedEntity part = planned;
  part.only_keys = keys;
  const Entity& entity = *part.entity;
  KeyBook own(entity, run.config.identity_namespace);
  for (const std::string& text : keys) {
    const auto key = parse_key(entity.source_columns, entity.n_key, text);
    if (key) own.add_existing(*key, std::nullopt);
  }
  EntityContext context = entity_context(run, part, own);
  context.rerun = true;
  const std::vector<std::string> columns = sent_columns(entity);
  LoadStatements statements;
  const std::string comparison = create_comparison_table(run.target, part, position, columns);
  statements.fresh = copy_in_statement(comparison, columns);
  statements.existing = statements.fresh;
  statements.late.resize(entity.references.size());
  SecondLook look;
  {
    SourceReader reader(run.source, part, run.config.load, run.memory);
    TransformStage transform(context, nullptr);
    RowLoader loader(run.target, context, std::move(statements));
    std::atomic<std::uint64_t> rows_read{0};
    run_pipeline(reader, transform, loader, run.memory.queue_bytes, run.cancelled, rows_read);
    Drift& drift = look.drift;
    drift = compare_existing(run.target, part, comparison);
    look.refused = transform.tally().drift + loader.tally().drift;
    if (look.refused > 0) {
      drift.rows += look.refused;
      drift.remark += (drift.remark.empty() ? "" : "; ") + std::to_string(look.refused) +
                      " would not go a second time";
    }
  }
  if (see) see(comparison);
  run.target.execute("DROP TABLE " + comparison);
  return look;
}

std::string not_repeatable(const Entity& entity) {
  if (entity.parallel) return {};
  return "the handler may want to see all rows, because the entity is not declared parallel";
}

std::vector<std::string> legacy_keys_of(Session& target, const Entity& entity,
                                        const std::vector<std::string>& picked) {
  if (!entity.legacy_columns.empty() || entity.identity == MIG_IDENTITY_KEEP) return picked;
  std::string list;
  for (const auto& key : picked) list += (list.empty() ? "" : ", ") + quote_literal(key);
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
