#pragma once
// What is known of one entity's keys: which rows are in the target or go there, which are held
// back, and the new key of each. Answers every resolve. A new key is computed wherever it can be
// (UUIDv5, kept keys); only exceptions are stored.
#include <mighost/value.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "batch/arena.hpp"
#include "batch/key_set.hpp"
#include "plugin/manifest.hpp"

namespace mighost {

/// A new key as bytes: 16 of a uuid, 8 of an integer, or text.
struct NewKey {
  mig_type type = MIG_TYPE_INVALID;
  std::string bytes;

  static NewKey from(const mig_cell& cell);
  /// The cell, its bytes copied to `arena`.
  mig_cell cell(Arena& arena) const;
};

class KeyBook {
 public:
  enum class State { absent, present, held };

  /// `earlier`: what was there before, and who waived what, for a book of a part of the rows. Must
  /// outlive this one, unchanged.
  KeyBook(const Entity& entity, const mig::uuid& identity_namespace,
          const KeyBook* earlier = nullptr);

  const Entity& entity() const { return entity_; }

  State state(const LegacyKey& key) const;

  /// The new key of a present row; `key_cells` are the cells that `key` was read from.
  mig_cell new_key(const LegacyKey& key, const mig_cell* key_cells, Arena& arena) const;

  /// The UUIDv5 that rule 3 of the design gives this key.
  mig::uuid computed(const LegacyKey& key) const;

  /// A row that an earlier run brought. `stored` is its key in the target when that is not the
  /// computed one.
  void add_existing(const LegacyKey& key, std::optional<NewKey> stored);
  /// The same for entities whose target keeps no legacy key: known by the new key alone.
  void add_existing_id(const mig::uuid& id) { existing_ids_.add(id_bytes(id)); }
  bool existed(const LegacyKey& key) const;
  std::uint64_t existing_count() const { return existing_.size() + existing_ids_.size(); }

  /// Rows of this run. False: the key has been seen in this run before.
  bool add_written(const LegacyKey& key);
  bool add_held(const LegacyKey& key) { return held_.add(key); }
  /// The server took back what add_written promised.
  void retract(const LegacyKey& key);
  void add_alias(const LegacyKey& key, NewKey survivor);
  void assign(const LegacyKey& key, NewKey new_key);
  /// A row that will never come, as the ledger says; told before the run reads its first row.
  void add_waiver(const LegacyKey& key) { waivers_.add(key); }
  bool has_waiver(const LegacyKey& key) const {
    return waivers_.contains(key) || (earlier_ != nullptr && earlier_->has_waiver(key));
  }
  /// A row that waits for such a row.
  void add_waived(const LegacyKey& key) { waived_.add(key); }
  bool waived(const LegacyKey& key) const { return has_waiver(key) || waived_.contains(key); }

  void finish() { written_.optimize(); }
  /// Keys of the rows of this run that went.
  const KeySet& written() const { return written_; }
  /// Rows that another part of this run has brought.
  void add_written(const KeySet& keys) { written_.add_all(keys); }

  std::uint64_t held_count() const { return held_.size(); }
  std::uint64_t alias_count() const { return stored_.size(); }

 private:
  const NewKey* stored(const LegacyKey& key) const;
  static std::string key_text(const LegacyKey& key);
  static std::string_view id_bytes(const mig::uuid& id) {
    return {reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()};
  }
  const Entity& entity_;
  const KeyBook* earlier_;
  mig::uuid namespace_;
  mig::uuid5_numbered numbered_;
  KeySet existing_, written_, held_, waivers_, waived_;
  PagedKeys existing_ids_;
  // New keys that cannot be computed. They stay in memory whatever the budget says: rows that were
  // merged are exceptions; where the handler or the target chooses every key, this grows with the
  // table.
  std::unordered_map<std::string, NewKey> stored_;
};

}  // namespace mighost
