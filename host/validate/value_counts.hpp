#pragma once
// Columns that stand in the source and in the target under the same name, counted as rows go to the
// target: NULLs and distinct values of what the source had and of what was sent. Compared with the
// target before COMMIT (column_values.hpp).
#include <mighost/abi.h>

#include <cstdint>
#include <string>
#include <vector>

#include "plugin/manifest.hpp"

namespace mighost {

/// The distinct values of a column as long as they are few; NULL is no value.
class DistinctValues {
 public:
  static constexpr std::size_t values_max = 64;

  void add(std::uint64_t hash) {
    if (hash == last_ && count_ > 0) return;
    last_ = hash;
    if (count_ <= values_max) insert(hash);
  }
  bool many() const { return count_ > values_max; }
  std::size_t count() const { return count_; }
  /// What add() was given, as far as it is kept: more than values_max of them mean many.
  std::vector<std::uint64_t> hashes() const;

 private:
  static constexpr std::size_t slots = 256;
  void insert(std::uint64_t hash);

  std::uint64_t last_ = 0;
  std::size_t count_ = 0;
  std::vector<std::uint64_t> table_ = std::vector<std::uint64_t>(slots);  // 0: free
};

struct CountedColumn {
  std::string name;
  std::size_t source = 0, target = 0;  // positions in the manifest
  bool has_values = false;             // its values can be compared by their bytes
  std::uint64_t source_values = 0;     // rows that have one
  std::uint64_t sent_values = 0;
  std::uint64_t dropped = 0;       // rows that had one and were sent without
  std::uint64_t explained = 0;     // ... with a note of the plugin that names the column
  DistinctValues source_distinct;  // of the rows that were sent with a value
  DistinctValues sent_distinct;
};

class ValueCounts {
 public:
  ValueCounts() = default;
  /// Columns that a late reference fills are left out: they are sent empty.
  explicit ValueCounts(const Entity& entity);

  /// A row that goes: cells in the order of the manifest.
  void add(const mig_cell* source, const mig_cell* sent);
  /// A note on a row that goes, by its ordinal; of several on one column side by side one counts.
  void add_note(std::uint64_t row, const std::string& column, const mig_cell* source,
                const mig_cell* sent);

  /// Of other rows of the same entity.
  ValueCounts& operator+=(const ValueCounts& other);

  std::uint64_t rows() const { return rows_; }
  const std::vector<CountedColumn>& columns() const { return columns_; }
  /// What was kept of an earlier count: columns in the order of this one's.
  void restore(std::uint64_t rows, std::vector<CountedColumn> columns);
  bool any_distinct() const;  // some column has values that can be told apart

 private:
  std::uint64_t rows_ = 0;
  std::vector<CountedColumn> columns_;
  std::vector<std::uint64_t> noted_;  // the row of the last note, by column
};

}  // namespace mighost
