#pragma once
// The start of the pipeline: one entity's source rows as batches of cells, in the order in which
// the server reads them.
#include <functional>
#include <memory>
#include <string>

#include "batch/batch.hpp"
#include "batch/pool.hpp"
#include "config/memory_shares.hpp"
#include "pg/decode.hpp"
#include "plan/plan.hpp"

namespace mighost {

/// The SELECT that yields the declared columns and, behind them, the values of the control totals.
std::string source_select(const PlannedEntity& planned);
/// The relation that it reads, for counts: quoted table or parenthesised query, with an alias.
/// Where the plan restricts the keys (PlannedEntity::only_keys, key_range), it has these rows only.
std::string source_relation(const PlannedEntity& planned);
/// All rows of the entity's relation, quoted table or parenthesised query, with an alias.
std::string source_relation(const Entity& entity);
/// What the declared filters demand together, or nothing.
std::string filter_condition(const Entity& entity);
/// " WHERE ..." of that, or nothing.
std::string filter_clause(const Entity& entity);

class SourceReader {
 public:
  SourceReader(Session& source, const PlannedEntity& planned, const LoadConfig& load,
               const MemoryShares& memory);

  /// Streams all rows; `take` returns false to stop early. Throws SqlError. [one thread]
  void read(const std::function<bool(std::shared_ptr<SourceBatch>)>& take);

  /// From now on rows are hashed as they arrive.
  void keep_hash() { keeps_hash_ = true; }
  /// Rows read, and the sum of their hashes: equal for the same rows in any order.
  std::uint64_t rows() const { return rows_; }
  std::uint64_t hash() const { return hash_; }

 private:
  std::shared_ptr<SourceBatch> batch_for(std::size_t row_bytes);

  Session& source_;
  std::string query_;
  RowDecoder decoder_;
  std::size_t batch_rows_, batch_bytes_;
  Pool<SourceBatch> pool_;
  bool keeps_hash_ = false;
  std::uint64_t rows_ = 0, hash_ = 0;
};

}  // namespace mighost
