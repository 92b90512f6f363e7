#pragma once
// A set of legacy keys. Integers live in compressed bitmaps (a few bytes per thousand neighbours).
// Others do not compress: they are in memory as far as the budget for keys reaches, behind that in
// temporary files; a uuid as its 16 bytes, the rest as text.
//
// Threads: one that changes the set, with nobody reading meanwhile; any number that read a set that
// nobody changes.
#include <cstdint>
#include <limits>
#include <roaring/roaring.hh>
#include <roaring/roaring64map.hh>
#include <string>
#include <string_view>

#include "batch/legacy_key.hpp"
#include "batch/paged_keys.hpp"

namespace mighost {

class KeySet {
 public:
  KeySet() : KeySet(key_budget()) {}
  explicit KeySet(KeyBudget& budget) : ids_(budget), texts_(budget) {}

  /// False when it was in already. Throws Error when the temporary disk is full.
  bool add(const LegacyKey& key) {
    if (!key.is_integer) return add_text(key.text);
    if (is_narrow(key.integer)) return narrow_.addChecked(static_cast<std::uint32_t>(key.integer));
    const auto bits = static_cast<std::uint64_t>(key.integer);
    if (wide_.contains(bits)) return false;
    wide_.add(bits);
    return true;
  }

  void remove(const LegacyKey& key) {
    if (!key.is_integer) {
      remove_text(key.text);
    } else if (is_narrow(key.integer)) {
      narrow_.remove(static_cast<std::uint32_t>(key.integer));
    } else {
      wide_.remove(static_cast<std::uint64_t>(key.integer));
    }
  }

  bool contains(const LegacyKey& key) const {
    if (!key.is_integer) return contains_text(key.text);
    if (is_narrow(key.integer)) return narrow_.contains(static_cast<std::uint32_t>(key.integer));
    return wide_.contains(static_cast<std::uint64_t>(key.integer));
  }

  bool empty() const {
    return narrow_.isEmpty() && wide_.isEmpty() && ids_.empty() && texts_.empty();
  }
  std::uint64_t size() const {
    return narrow_.cardinality() + wide_.cardinality() + ids_.size() + texts_.size();
  }
  /// Packs runs of neighbours, and lets go of memory where that is short; call when the set is
  /// complete.
  void optimize() {
    narrow_.runOptimize();
    wide_.runOptimize();
    ids_.settle();
    texts_.settle();
  }

  /// Everything that `other` holds comes in too.
  void add_all(const KeySet& other);

  /// Small, however many they are.
  bool only_integers() const { return ids_.empty() && texts_.empty(); }

  /// The set as bytes that any machine can read back, the same in whatever order keys came.
  std::string encode() const;
  /// Throws Error when the bytes are not whole.
  static KeySet decode(std::string_view bytes);

 private:
  static bool is_narrow(std::int64_t value) {
    return value >= 0 && value <= std::int64_t{std::numeric_limits<std::uint32_t>::max()};
  }
  bool add_text(std::string_view text);
  void remove_text(std::string_view text);
  bool contains_text(std::string_view text) const;

  Roaring narrow_;
  Roaring64Map wide_;
  PagedKeys ids_;  // uuids as LegacyKey writes them
  PagedKeys texts_;
};

}  // namespace mighost
