#pragma once
// The rows of one entity, or of one key range of it, from the source into the target table, within
// the open transactions of the run's sessions: stream, heal, compare. What stands around it
// (indexes, triggers, steps) is the caller's.
#include <functional>

#include "run/loaded_part.hpp"
#include "run/natural_keys.hpp"
#include "run/row_loader.hpp"
#include "run/run_context.hpp"
#include "run/source_sums.hpp"

namespace mighost {

class EntityLoad {
 public:
  /// All must outlive this. `natural` is given for MIG_IDENTITY_NATURAL and null otherwise.
  EntityLoad(RunContext& run, const PlannedEntity& planned, std::size_t position,
             EntityContext& context, const NaturalKeys* natural, EntityProgress& progress);

  /// What the source says of these rows, by SQL.
  void count_source();
  /// `late`: the quoted table that takes late references, by reference; empty where none.
  void stream(const std::vector<std::string>& late,
              const std::function<void()>& when_read = nullptr);
  /// Both, for who needs the counts only afterwards: the source counts while the target still takes
  /// the last rows.
  void stream_and_count(const std::vector<std::string>& late);
  /// Of a replay: sets what rows that were there had been lacking.
  void heal(EntityReport& report);
  /// Finds rows that were there and differ from what the source says now.
  void compare();

  LoadedPart& part() { return part_; }
  /// Keys of rows that a replay was to heal and whose source would not go today.
  const std::vector<std::string>& unhealed() const { return unhealed_; }
  /// Of the source rows that were read: how many, and the sum of their hashes.
  std::uint64_t source_rows() const { return source_rows_; }
  std::uint64_t source_hash() const { return source_hash_; }

 private:
  void take(const SourceSums& sums);

  RunContext& run_;
  const PlannedEntity& planned_;
  const Entity& entity_;
  const std::size_t position_;
  EntityContext& context_;
  const NaturalKeys* natural_;
  EntityProgress& progress_;
  LoadedPart part_;
  std::vector<std::string> unhealed_;
  std::string comparison_, healing_;
  std::uint64_t source_rows_ = 0, source_hash_ = 0;
};

}  // namespace mighost
