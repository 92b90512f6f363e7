#include "batch/key_table.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace mighost {
namespace {

// A record is its state, its size, its bytes.
constexpr std::size_t record_head = 1 + sizeof(std::uint32_t);
constexpr std::size_t key_block_min = 1024, key_block_max = 64 * 1024;
constexpr std::size_t slots_min = 16;

}  // namespace

std::uint64_t hash_of_text(std::string_view key) { return XXH3_64bits(key.data(), key.size()); }

KeyTable::KeyTable(const KeyTable& other) {
  for (const Entry& entry : other.sorted()) put(entry.key, hash_of_text(entry.key), entry.state);
}

KeyTable::Entry KeyTable::entry(const char* record) {
  std::uint32_t size = 0;
  std::memcpy(&size, record + 1, sizeof size);
  return {{record + record_head, size}, static_cast<KeyState>(record[0])};
}

/// Where the key is, or the free slot where it would be.
std::size_t KeyTable::slot_of(std::string_view key, std::uint64_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = hash & mask;
  while (slots_[slot] != nullptr && entry(slots_[slot]).key != key) slot = (slot + 1) & mask;
  return slot;
}

KeyState KeyTable::find(std::string_view key, std::uint64_t hash) const {
  if (slots_.empty()) return KeyState::absent;
  const char* record = slots_[slot_of(key, hash)];
  return record == nullptr ? KeyState::absent : entry(record).state;
}

void KeyTable::put(std::string_view key, std::uint64_t hash, KeyState state) {
  if (count_ + 1 > slots_.size() / 4 * 3) grow();
  char*& slot = slots_[slot_of(key, hash)];
  if (slot == nullptr) {
    slot = record(key, state);
    ++count_;
  } else {
    slot[0] = static_cast<char>(state);
  }
}

void KeyTable::grow() {
  std::vector<char*> old(std::max(slots_min, slots_.size() * 2));
  old.swap(slots_);
  for (char* record : old) {
    if (record == nullptr) continue;
    const std::string_view key = entry(record).key;
    slots_[slot_of(key, hash_of_text(key))] = record;
  }
}

char* KeyTable::record(std::string_view key, KeyState state) {
  const std::size_t size = record_head + key.size();
  if (size > left_) {
    const std::size_t bytes =
        std::max(size, std::clamp(block_bytes_, key_block_min, key_block_max));
    blocks_.emplace_back(new char[bytes]);
    block_bytes_ += bytes;
    at_ = blocks_.back().get();
    left_ = bytes;
  }
  char* const begin = at_;
  const auto key_size = static_cast<std::uint32_t>(key.size());
  begin[0] = static_cast<char>(state);
  std::memcpy(begin + 1, &key_size, sizeof key_size);
  std::memcpy(begin + record_head, key.data(), key.size());
  at_ += size;
  left_ -= size;
  return begin;
}

void KeyTable::swap(KeyTable& other) noexcept {
  slots_.swap(other.slots_);
  blocks_.swap(other.blocks_);
  std::swap(count_, other.count_);
  std::swap(block_bytes_, other.block_bytes_);
  std::swap(left_, other.left_);
  std::swap(at_, other.at_);
}

std::vector<KeyTable::Entry> KeyTable::sorted() const {
  std::vector<Entry> entries;
  entries.reserve(count_);
  for (const char* record : slots_) {
    if (record != nullptr) entries.push_back(entry(record));
  }
  std::sort(entries.begin(), entries.end(),
            [](const Entry& one, const Entry& other) { return one.key < other.key; });
  return entries;
}

}  // namespace mighost
