#pragma once
// A set of legacy keys. Integers live in compressed bitmaps (a few bytes per thousand neighbours),
// others as their text.
#include <cstdint>
#include <limits>
#include <roaring/roaring.hh>
#include <roaring/roaring64map.hh>
#include <string>
#include <string_view>
#include <unordered_set>

#include "batch/legacy_key.hpp"

namespace mighost {

class KeySet {
 public:
  /// False when it was in already.
  bool add(const LegacyKey& key) {
    if (!key.is_integer) return texts_.insert(key.text).second;
    if (is_narrow(key.integer)) return narrow_.addChecked(static_cast<std::uint32_t>(key.integer));
    const auto bits = static_cast<std::uint64_t>(key.integer);
    if (wide_.contains(bits)) return false;
    wide_.add(bits);
    return true;
  }

  void remove(const LegacyKey& key) {
    if (!key.is_integer) {
      texts_.erase(key.text);
    } else if (is_narrow(key.integer)) {
      narrow_.remove(static_cast<std::uint32_t>(key.integer));
    } else {
      wide_.remove(static_cast<std::uint64_t>(key.integer));
    }
  }

  bool contains(const LegacyKey& key) const {
    if (!key.is_integer) return texts_.contains(key.text);
    if (is_narrow(key.integer)) return narrow_.contains(static_cast<std::uint32_t>(key.integer));
    return wide_.contains(static_cast<std::uint64_t>(key.integer));
  }

  bool empty() const { return narrow_.isEmpty() && wide_.isEmpty() && texts_.empty(); }
  std::uint64_t size() const { return narrow_.cardinality() + wide_.cardinality() + texts_.size(); }
  /// Packs runs of neighbours; call when the set is complete.
  void optimize() {
    narrow_.runOptimize();
    wide_.runOptimize();
  }

  /// Everything that `other` holds comes in too.
  void add_all(const KeySet& other);

  /// The set as bytes that any machine can read back, the same in whatever order keys came.
  std::string encode() const;
  /// Throws Error when the bytes are not whole.
  static KeySet decode(std::string_view bytes);

 private:
  static bool is_narrow(std::int64_t value) {
    return value >= 0 && value <= std::int64_t{std::numeric_limits<std::uint32_t>::max()};
  }
  Roaring narrow_;
  Roaring64Map wide_;
  std::unordered_set<std::string> texts_;
};

}  // namespace mighost
