#pragma once
// The middle of the pipeline: a source batch goes through the plugin's handler and the validators,
// every row gets its outcome, and rows that go are encoded. This is the host's side of mig_host:
// whatever a plugin does here is checked.
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "batch/arena.hpp"
#include "batch/batch.hpp"
#include "batch/pool.hpp"
#include "pg/encode.hpp"
#include "run/entity_context.hpp"
#include "run/natural_keys.hpp"
#include "run/tally.hpp"
#include "validate/row_validators.hpp"
#include "validate/value_counts.hpp"

namespace mighost {

class TransformStage {
 public:
  /// `natural` is given for MIG_IDENTITY_NATURAL and null otherwise.
  TransformStage(EntityContext& context, const NaturalKeys* natural);
  ~TransformStage();
  TransformStage(const TransformStage&) = delete;
  TransformStage& operator=(const TransformStage&) = delete;

  /// Throws Error when the plugin fails or breaks the contract. [one thread]
  std::shared_ptr<LoadBatch> process(std::shared_ptr<const SourceBatch> batch);
  /// After the last batch.
  void finish();

  const Tally& tally() const { return tally_; }
  const ValueCounts& values() const { return values_; }
  /// Keys of rows that a replay was to heal and whose source would not go today.
  const std::vector<std::string>& unhealed() const { return unhealed_; }
  const RowValidators& validators() const { return validators_; }

 private:
  enum class Fate : std::uint8_t { none, rejected, parked, merged };
  struct Reason {  // why a row does not go
    std::string code, column, message, stage, plugin;
    std::string waits_for_entity, waits_for_key;
    bool waived = false;  // by the row that it waits for
  };
  struct LateReference {
    std::uint32_t row, reference;
    std::string parent_key, parent_legacy;  // bytes of the new key; text of the legacy key
  };

  struct Merge {
    std::uint32_t row;
    LegacyKey survivor;
    std::string survivor_text;
    std::vector<mig_cell> survivor_cells;
  };

  static TransformStage& self(void* host) { return *static_cast<TransformStage*>(host); }
  static mig_cell* on_emit(void* host, std::uint32_t row) noexcept;
  static char* on_alloc(void* host, std::uint64_t size) noexcept;
  static mig_resolution on_resolve(void* host, std::uint32_t row, std::uint32_t reference,
                                   const mig_cell* key, std::uint32_t n_key,
                                   mig_cell* out) noexcept;
  static void on_merge(void* host, std::uint32_t row, const mig_cell* survivor,
                       std::uint32_t n_key) noexcept;
  static void on_bind_key(void* host, std::uint32_t row, const mig_cell* new_key) noexcept;
  static void on_report(void* host, const mig_issue* issue) noexcept;
  static void on_log(void* host, mig_log_level level, mig_str message) noexcept;
  static std::uint8_t on_cancelled(void* host) noexcept;

  mig_resolution resolve(std::uint32_t row, std::uint32_t reference, const mig_cell* key,
                         std::uint32_t n_key, mig_cell* out);
  void trace(std::uint32_t reference, const mig_cell* key, std::uint32_t n_key,
             mig_resolution result, const mig_cell& out);
  /// `state` is empty when there was no key at all. `waived`: the parent is.
  mig_resolution missing(std::uint32_t row, const Reference& reference,
                         std::optional<KeyBook::State> state, const std::string& key_text,
                         bool waived);
  static std::string held_sentence(const Reference& reference, const std::string& key);
  static std::string absent_sentence(const Reference& reference, const std::string& key);
  void report(const mig_issue& issue);
  void hold_back(std::uint32_t row, Fate fate, Reason reason);
  void contract_fault(const std::string& what, std::optional<std::uint32_t> row,
                      const std::string& column = {});

  void start_batch(const SourceBatch& batch);
  mig_status transform_rows(const mig_batch& rows, mig_error& error);
  void call_handler(const SourceBatch& batch);
  const mig_cell* handler_cells(const SourceBatch& batch);
  void validate_rows(const std::shared_ptr<const SourceBatch>& batch);
  void settle_row(const SourceBatch& batch, std::uint32_t row, LoadBatch& out);
  void settle_going(const SourceBatch& batch, std::uint32_t row, const LegacyKey& key,
                    LoadBatch& out);
  void settle_found(const mig_cell* cells, std::uint32_t row, const LegacyKey& key, LoadBatch& out);
  /// The row `key_` is in the target already.
  void settle_unchanged(const mig_cell* cells);
  void settle_unfit(const mig_cell* cells, const Reason& reason, bool parked, LoadBatch& out);
  QuarantineRecord record_held(const mig_cell* cells, const Reason& reason, bool parked,
                               LoadBatch& out);
  /// It stands in a replay because it lacks a reference; `identity` is its key in the target.
  void heal(const SourceBatch& batch, std::uint32_t row, const mig_cell& identity, LoadBatch& out);
  bool is_second_of_key();
  bool totals_can_be_added(const mig_cell* cells) const;
  void settle_held(const mig_cell* cells, const Reason& reason, bool parked, LoadBatch& out);
  void settle_duplicate(const mig_cell* cells, LoadBatch& out);
  void settle_merged(const mig_cell* cells, std::uint32_t row, const LegacyKey& key,
                     LoadBatch& out);
  /// `heals`: the child is in the target already.
  void encode_late(std::uint32_t row, const mig_cell* cells, const mig_cell& child, bool heals,
                   LoadBatch& out);
  mig_cell* target_row(std::uint32_t row) { return target_cells_.data() + row * target_width_; }

  EntityContext& context_;
  const NaturalKeys* natural_;
  const Entity& entity_;
  mig_host host_{};
  void* instance_ = nullptr;
  RowValidators validators_;
  std::optional<RowEncoder> encoder_;
  std::unordered_set<std::string> declared_codes_;
  Arena arena_;
  Tally tally_;
  ValueCounts values_;  // of rows that go to a table that was empty

  Pool<LoadBatch> pool_;
  const SourceBatch* batch_ = nullptr;  // while the handler runs
  std::size_t target_width_ = 0;        // emitted columns plus the identity column
  bool host_fills_identity_ = false;
  std::vector<mig_cell> target_cells_;
  std::vector<std::uint8_t> emitted_;
  std::vector<Fate> fates_;
  std::vector<std::optional<NewKey>> bound_;  // MIG_IDENTITY_ASSIGNED
  std::vector<std::pair<std::uint32_t, Reason>> reasons_;
  std::vector<Merge> merges_;
  std::vector<Note> notes_;
  std::vector<LateReference> late_;
  std::exception_ptr pending_;  // raised by a callback, which cannot throw
  std::vector<mig_cell> handler_cells_;
  LegacyKey key_, resolved_key_;
  std::vector<std::string> unhealed_;
  KeySet seen_;  // of a replay: keys of rows that are in the target already
};

}  // namespace mighost
