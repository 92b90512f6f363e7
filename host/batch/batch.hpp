#pragma once
// What travels between the three stages of an entity's pipeline: read -> transform -> write.
#include <mighost/abi.h>

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mighost {

/// Source rows as cells over one receive buffer. The buffer never moves, so cells may borrow from
/// it.
class SourceBatch {
 public:
  SourceBatch(std::size_t capacity, std::size_t columns)
      : bytes_(new char[capacity]), capacity_(capacity), columns_(columns) {}

  /// Without rows; the memory stays.
  void clear() noexcept { used_ = rows_ = 0; }
  void begin(std::uint64_t first_row) { first_row_ = first_row; }

  bool fits(std::size_t size) const { return used_ + size <= capacity_; }
  bool empty() const { return rows_ == 0; }

  /// Copies the row's bytes in; the caller fills last_row_cells(), all of them.
  std::string_view add(std::string_view row) {
    std::memcpy(bytes_.get() + used_, row.data(), row.size());
    const std::string_view kept{bytes_.get() + used_, row.size()};
    used_ += row.size();
    ++rows_;
    if (cells_.size() < rows_ * columns_) cells_.resize(rows_ * columns_);
    return kept;
  }
  mig_cell* last_row_cells() { return cells_.data() + (rows_ - 1) * columns_; }

  const mig_cell* row(std::size_t index) const { return cells_.data() + index * columns_; }
  const mig_cell* cells() const { return cells_.data(); }
  std::uint32_t rows() const { return static_cast<std::uint32_t>(rows_); }
  std::size_t columns() const { return columns_; }
  std::uint64_t first_row() const { return first_row_; }
  std::size_t memory() const { return capacity_ + cells_.capacity() * sizeof(mig_cell); }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_, used_ = 0, columns_, rows_ = 0;
  std::uint64_t first_row_ = 0;
  std::vector<mig_cell> cells_;  // of rows_ rows, and what was there before
};

/// A remark on a row that goes all the same.
struct Note {
  std::uint32_t source_row = 0;
  std::string code, column, detail;
  std::string plugin;                           // who said it: "core 0.9.0"
  std::string waits_for_entity, waits_for_key;  // the parent that would heal it, if that is it
};

/// Encoded rows and where each begins, with the source row it came from.
struct EncodedRows {
  struct Row {
    std::uint32_t begin = 0, source_row = 0;
  };
  std::string bytes;
  std::vector<Row> rows;

  /// Without rows. The memory stays, but for what a huge row has taken.
  void clear() noexcept {
    constexpr std::size_t kept_max = 4 << 20;
    bytes.clear();
    rows.clear();
    if (bytes.capacity() > kept_max) bytes = {};
  }

  std::string_view range(std::size_t first, std::size_t last) const {
    const std::size_t begin = rows[first].begin;
    const std::size_t end = last < rows.size() ? rows[last].begin : bytes.size();
    return std::string_view(bytes).substr(begin, end - begin);
  }
};

/// The new key of a row, for the ledger, where the target table alone would not tell.
struct BoundKey {
  std::uint32_t source_row = 0;
  bool merged = false;  // into a row that goes, so this one needs none of its own
  std::string new_key;  // as text
};

/// What the transform stage made of one source batch.
struct LoadBatch {
  std::shared_ptr<const SourceBatch> source;
  EncodedRows fresh;     // for the target table
  EncodedRows existing;  // rows already in the target, to be compared
  EncodedRows healing;   // of these, the keys of rows that get references they lack
  std::vector<Note> notes;
  std::vector<BoundKey> keys;     // see EntityContext::keeps_keys
  std::string quarantine;         // encoded rows of the quarantine table
  std::string leaves;             // encoded rows of the table of fingerprints' leaves
  std::vector<std::string> late;  // encoded rows of the late-reference table, by late reference

  void clear() noexcept {
    source.reset();
    for (EncodedRows* encoded : {&fresh, &existing, &healing}) encoded->clear();
    notes.clear();
    keys.clear();
    quarantine = {};
    leaves = {};
    late.clear();
  }

  std::size_t memory() const {
    return fresh.bytes.capacity() + existing.bytes.capacity() + healing.bytes.capacity() +
           quarantine.capacity() + leaves.capacity() +
           (fresh.rows.capacity() + existing.rows.capacity()) * sizeof(EncodedRows::Row) +
           (source ? source->memory() : 0);
  }
};

}  // namespace mighost
