#include "run/source_reader.hpp"

#include <algorithm>

#include "batch/canonical.hpp"
#include "pg/copy_out.hpp"
#include "report/failpoint.hpp"
#include "run/key_filter.hpp"

namespace mighost {
namespace {

std::vector<WireColumn> wire_columns(Session& source, const PlannedEntity& planned,
                                     const std::string& query) {
  const std::vector<CatalogColumn> live = query_columns(source, query);
  const auto& declared = planned.entity->source_columns;
  std::vector<WireColumn> columns;
  for (std::size_t index = 0; index < live.size(); ++index) {
    const mig_type type = index < declared.size() ? declared[index].type : mig_type{MIG_NUMERIC};
    columns.push_back({live[index].base_type_oid, live[index].type_type, type});
  }
  return columns;
}

}  // namespace

std::string source_relation(const Entity& entity) {
  const std::string from = entity.source_query.empty() ? quote_relation(entity.source)
                                                       : "(" + entity.source_query + "\n)";
  return from + " AS source_rows";
}

std::string source_relation(const PlannedEntity& planned) {
  std::string relation = source_relation(*planned.entity);
  std::string condition = planned.key_range;
  if (planned.only_keys) condition = key_condition(planned, *planned.only_keys);
  if (condition.empty()) return relation;
  return "(SELECT * FROM " + relation + " WHERE " + condition + ") AS source_rows";
}

std::string filter_condition(const Entity& entity) {
  std::string condition;
  for (const Filter& filter : entity.filters) {
    condition += (condition.empty() ? "(" : " AND (") + filter.predicate + ") IS TRUE";
  }
  return condition;
}

std::string filter_clause(const Entity& entity) {
  const std::string condition = filter_condition(entity);
  return condition.empty() ? "" : " WHERE " + condition;
}

std::string source_select(const PlannedEntity& planned) {
  const Entity& entity = *planned.entity;
  std::string list;
  for (std::size_t index = 0; index < planned.source_selects.size(); ++index) {
    list += (list.empty() ? "" : ", ") + planned.source_selects[index] + " AS " +
            quote_identifier(entity.source_columns[index].name);
  }
  for (std::size_t index = 0; index < planned.totals.size(); ++index) {
    list += ", (" + planned.totals[index].total.source_expression + ")::numeric AS " +
            quote_identifier("mighost total " + std::to_string(index));
  }
  return "SELECT " + list + " FROM " + source_relation(planned) + filter_clause(entity);
}

SourceReader::SourceReader(Session& source, const PlannedEntity& planned, const LoadConfig& load,
                           const MemoryShares& memory)
    : source_(source),
      query_(source_select(planned)),
      decoder_(wire_columns(source, planned, query_)),
      batch_rows_(load.batch_rows),
      batch_bytes_(memory.batch_bytes) {}

/// A row larger than a batch gets a batch of its own.
std::shared_ptr<SourceBatch> SourceReader::batch_for(std::size_t row_bytes) {
  if (row_bytes > batch_bytes_) {
    return std::make_shared<SourceBatch>(row_bytes, decoder_.columns());
  }
  return pool_.lend(
      [&] { return std::make_unique<SourceBatch>(batch_bytes_, decoder_.columns()); });
}

void SourceReader::read(const std::function<bool(std::shared_ptr<SourceBatch>)>& take) {
  CopyOut copy(source_, query_);
  std::uint64_t first_row = 0;
  std::shared_ptr<SourceBatch> batch;
  for (std::string_view row; copy.next(row);) {
    ++rows_;
    if (keeps_hash_) hash_ += hash_bytes(row, 0);
    if (batch && (batch->rows() >= batch_rows_ || !batch->fits(row.size()))) {
      first_row += batch->rows();
      if (!take(std::move(batch))) return;
      batch.reset();
      if (keeps_hash_) failpoint("chunk.reading");
    }
    if (!batch) {
      batch = batch_for(row.size());
      batch->begin(first_row);
    }
    const std::string_view kept = batch->add(row);
    decoder_.decode(kept, batch->last_row_cells());
  }
  if (batch && !batch->empty()) take(std::move(batch));
}

}  // namespace mighost
