#pragma once
// The part of a paged set of keys that is in memory: a hash table over keys that lie one behind the
// other in blocks, a third of what std::unordered_set<std::string> takes. A key that was removed
// stays as gone, since older parts of the set may hold it.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace mighost {

std::uint64_t hash_of_text(std::string_view key);

enum class KeyState : std::uint8_t { absent, live, gone };

class KeyTable {
 public:
  KeyTable() = default;
  KeyTable(const KeyTable& other);
  KeyTable& operator=(const KeyTable&) = delete;

  KeyState find(std::string_view key, std::uint64_t hash) const;
  /// `state` is live or gone, whatever it was.
  void put(std::string_view key, std::uint64_t hash, KeyState state);

  std::size_t size() const { return count_; }
  bool empty() const { return count_ == 0; }
  std::size_t memory() const { return block_bytes_ + slots_.capacity() * sizeof(char*); }
  void swap(KeyTable& other) noexcept;

  struct Entry {
    std::string_view key;
    KeyState state;
  };
  /// In the order of their bytes; valid until the table changes.
  std::vector<Entry> sorted() const;

 private:
  static Entry entry(const char* record);
  std::size_t slot_of(std::string_view key, std::uint64_t hash) const;
  void grow();
  char* record(std::string_view key, KeyState state);

  std::vector<char*> slots_;  // a power of two, null where free
  std::vector<std::unique_ptr<char[]>> blocks_;
  std::size_t count_ = 0, block_bytes_ = 0, left_ = 0;
  char* at_ = nullptr;
};

}  // namespace mighost
