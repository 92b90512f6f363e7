#pragma once
// The part of a paged set of keys that is on disk: keys in the order of their bytes, in blocks of
// 4 KiB, with a Bloom filter and the first key of each block in memory (under 2 bytes for each
// uuid). It does not change once it is made, so sets may share it.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "batch/bloom_filter.hpp"
#include "batch/key_budget.hpp"
#include "batch/key_table.hpp"
#include "batch/spill_file.hpp"

namespace mighost {

class KeyRun {
 public:
  KeyState find(std::string_view key, std::uint64_t hash) const;
  std::uint64_t keys() const { return keys_; }

 private:
  friend class KeyRunWriter;
  friend class KeyRunCursor;
  KeyRun(std::uint64_t keys_max, KeyBudget& budget);

  std::string_view first_key(std::size_t block) const;
  std::uint64_t end_of(std::size_t block) const;
  /// The block's bytes in the memory of this thread, until the next call.
  std::string_view read_block(std::size_t block) const;

  const std::uint64_t number_;  // tells runs apart, also those that are gone
  SpillFile file_;
  BloomFilter filter_;
  std::vector<std::uint64_t> begins_;  // of the blocks
  std::string first_keys_;             // one behind the other
  std::vector<std::uint64_t> first_key_begins_;
  std::uint64_t keys_ = 0;
  KeyCharge charge_;
};

/// Makes a run of keys that come in their order.
class KeyRunWriter {
 public:
  KeyRunWriter(std::uint64_t keys_max, KeyBudget& budget);
  void add(std::string_view key, KeyState state);
  std::shared_ptr<const KeyRun> finish();

 private:
  std::shared_ptr<KeyRun> run_;
  std::string record_;
};

/// Goes through a run from its first key to its last.
class KeyRunCursor {
 public:
  explicit KeyRunCursor(std::shared_ptr<const KeyRun> run);
  /// False at the end; before the first call there is no key.
  bool next();
  const KeyTable::Entry& entry() const { return entry_; }

 private:
  std::shared_ptr<const KeyRun> run_;
  std::string bytes_;  // of the block
  std::string_view rest_;
  std::size_t block_ = 0;
  KeyTable::Entry entry_{};
};

}  // namespace mighost
