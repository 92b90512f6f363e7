#include "run/entity_load.hpp"

#include "ledger/transactions.hpp"
#include "run/existing_rows.hpp"
#include "run/healing.hpp"
#include "run/pipeline.hpp"

namespace mighost {

EntityLoad::EntityLoad(RunContext& run, const PlannedEntity& planned, std::size_t position,
                       EntityContext& context, const NaturalKeys* natural, EntityProgress& progress)
    : run_(run),
      planned_(planned),
      entity_(*planned.entity),
      position_(position),
      context_(context),
      natural_(natural),
      progress_(progress) {
  part_.tally = Tally(planned.totals.size());
}

/// Rows that a declared filter leaves out never reach the stream.
void EntityLoad::count_source() { take(source_sums(run_.source, planned_)); }

void EntityLoad::take(const SourceSums& sums) {
  for (std::size_t index = 0; index < sums.filtered.size(); ++index) {
    const std::uint64_t rows = sums.filtered[index];
    if (rows == 0) continue;
    part_.tally.counts.read += rows;
    part_.tally.counts.filtered += rows;
    part_.tally.codes[entity_.filters[index].code] += rows;
  }
  part_.totals = sums.totals;
}

void EntityLoad::stream_and_count(const std::vector<std::string>& late) {
  SourceSums sums;
  stream(late, [&] { sums = source_sums(run_.source, planned_); });
  take(sums);
}

void EntityLoad::stream(const std::vector<std::string>& late,
                        const std::function<void()>& when_read) {
  LoadStatements statements;
  const std::vector<std::string> columns = sent_columns(entity_);
  statements.fresh = copy_in_statement(planned_.target.qualified(), columns);
  statements.record = record_transaction_sql(run_.run_id.to_text());
  if (context_.rerun) {
    comparison_ = create_comparison_table(run_.target, planned_, position_, columns);
    statements.existing = copy_in_statement(comparison_, columns);
    if (context_.replayed != nullptr) {
      healing_ = create_healing_table(run_, planned_, position_);
      if (!healing_.empty()) statements.healing = copy_in_statement(healing_, {"id", "legacy_key"});
    }
  }
  for (const std::string& table : late) {
    statements.late.push_back(
        table.empty()
            ? ""
            : copy_in_statement(table, {"child", "parent", "child_key", "parent_key", "heals"}));
  }
  SourceReader reader(run_.source, planned_, run_.config.load, run_.memory);
  if (run_.hash_source) reader.keep_hash();
  TransformStage transform(context_, natural_);
  RowLoader loader(run_.target, context_, std::move(statements));
  run_pipeline(reader, transform, loader, run_.memory.queue_bytes, run_.cancelled, progress_.rows,
               when_read);
  for (const LegacyKey& key : loader.refused()) context_.own->retract(key);
  part_.tally += transform.tally();
  part_.tally += loader.tally();
  part_.values = transform.values();
  part_.findings = transform.validators().findings();
  part_.checks = transform.validators().checks();
  unhealed_ = transform.unhealed();
  source_rows_ = reader.rows();
  source_hash_ = reader.hash();
  context_.own->finish();
}

void EntityLoad::heal(EntityReport& report) {
  if (context_.replayed == nullptr || comparison_.empty()) return;
  heal_rows(run_, planned_, comparison_, healing_, context_.fingerprints, report);
}

void EntityLoad::compare() {
  if (comparison_.empty()) return;
  progress_.activity = "comparing";
  const Drift drift = compare_existing(run_.target, planned_, comparison_);
  part_.tally.drift += drift.rows;
  if (!drift.remark.empty()) part_.remarks.push_back(drift.remark);
  for (std::size_t index = 0; drift.rows > 0 && index < planned_.totals.size(); ++index) {
    const auto sum =
        drift_of_total(run_.target, planned_, comparison_, planned_.totals[index].total);
    part_.totals[index].drift.reset();
    if (sum) part_.totals[index].drift = exact_sum(*sum, planned_.totals[index].name);
  }
  run_.target.execute("DROP TABLE " + comparison_);
  comparison_.clear();
}

}  // namespace mighost
