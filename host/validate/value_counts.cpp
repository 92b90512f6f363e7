#include "validate/value_counts.hpp"

#include <algorithm>
#include <string_view>

#include "batch/canonical.hpp"

namespace mighost {
namespace {

constexpr std::size_t uuid_bytes = 16;

bool is_null(const mig_cell& cell) { return (cell.flags & MIG_CELL_NULL) != 0; }

/// Nobody misses blanks: a text without anything but white space is no value.
bool is_value(const mig_cell& cell) {
  if (is_null(cell)) return false;
  if (cell.type != MIG_TEXT) return true;
  const std::string_view text{cell.as.data, cell.size};
  return text.find_first_not_of(" \t\r\n") != std::string_view::npos;
}

/// Types whose values are equal exactly when their bytes are, in cells as in SQL.
bool bytes_tell(mig_type type) {
  return type == MIG_INT8 || type == MIG_BOOL || type == MIG_DATE || type == MIG_TEXT ||
         type == MIG_UUID;
}

std::uint64_t hash_of(const mig_cell& cell) {
  std::string_view bytes{reinterpret_cast<const char*>(&cell.as.i64), sizeof cell.as.i64};
  if (cell.type == MIG_TEXT) bytes = {cell.as.data, cell.size};
  if (cell.type == MIG_UUID) bytes = {cell.as.data, uuid_bytes};
  const std::uint64_t hash = hash_bytes(bytes, 0);
  return hash == 0 ? 1 : hash;
}

}  // namespace

void DistinctValues::insert(std::uint64_t hash) {
  for (std::size_t slot = hash % slots;; slot = (slot + 1) % slots) {
    if (table_[slot] == hash) return;
    if (table_[slot] != 0) continue;
    table_[slot] = hash;
    ++count_;
    return;
  }
}

std::vector<std::uint64_t> DistinctValues::hashes() const {
  std::vector<std::uint64_t> list;
  for (const std::uint64_t hash : table_) {
    if (hash != 0) list.push_back(hash);
  }
  return list;
}

ValueCounts::ValueCounts(const Entity& entity) {
  for (std::size_t target = 0; target < entity.target_columns.size(); ++target) {
    const std::string& name = entity.target_columns[target].name;
    const bool late = std::any_of(
        entity.references.begin(), entity.references.end(),
        [&](const Reference& reference) { return reference.late && reference.column == name; });
    if (late) continue;
    for (std::size_t source = 0; source < entity.source_columns.size(); ++source) {
      if (entity.source_columns[source].name != name) continue;
      CountedColumn column;
      column.name = name;
      column.source = source;
      column.target = target;
      column.has_values = bytes_tell(entity.source_columns[source].type) &&
                          bytes_tell(entity.target_columns[target].type);
      columns_.push_back(std::move(column));
    }
  }
  noted_.resize(columns_.size(), UINT64_MAX);
}

bool ValueCounts::any_distinct() const {
  return std::any_of(columns_.begin(), columns_.end(),
                     [](const CountedColumn& column) { return column.has_values; });
}

void ValueCounts::add(const mig_cell* source, const mig_cell* sent) {
  ++rows_;
  for (CountedColumn& column : columns_) {
    const mig_cell& had = source[column.source];
    const mig_cell& has = sent[column.target];
    const bool had_value = is_value(had), has_value = !is_null(has);
    column.source_values += had_value ? 1 : 0;
    column.sent_values += has_value ? 1 : 0;
    column.dropped += had_value && !has_value ? 1 : 0;
    if (!column.has_values || !has_value) continue;
    if (had_value && !column.source_distinct.many()) column.source_distinct.add(hash_of(had));
    if (!column.sent_distinct.many()) column.sent_distinct.add(hash_of(has));
  }
}

ValueCounts& ValueCounts::operator+=(const ValueCounts& other) {
  if (columns_.empty()) return *this = other;
  rows_ += other.rows_;
  for (std::size_t index = 0; index < other.columns_.size(); ++index) {
    CountedColumn& column = columns_[index];
    const CountedColumn& more = other.columns_[index];
    column.source_values += more.source_values;
    column.sent_values += more.sent_values;
    column.dropped += more.dropped;
    column.explained += more.explained;
    for (const std::uint64_t hash : more.source_distinct.hashes()) column.source_distinct.add(hash);
    for (const std::uint64_t hash : more.sent_distinct.hashes()) column.sent_distinct.add(hash);
  }
  return *this;
}

void ValueCounts::restore(std::uint64_t rows, std::vector<CountedColumn> columns) {
  rows_ = rows;
  columns_ = std::move(columns);
  noted_.assign(columns_.size(), UINT64_MAX);
}

void ValueCounts::add_note(std::uint64_t row, const std::string& name, const mig_cell* source,
                           const mig_cell* sent) {
  for (std::size_t index = 0; index < columns_.size(); ++index) {
    CountedColumn& column = columns_[index];
    if (column.name != name || noted_[index] == row) continue;
    if (!is_value(source[column.source]) || !is_null(sent[column.target])) continue;
    noted_[index] = row;
    ++column.explained;
  }
}

}  // namespace mighost
