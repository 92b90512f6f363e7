#include "batch/key_book.hpp"

#include <cstring>

namespace mighost {

NewKey NewKey::from(const mig_cell& cell) {
  NewKey key{cell.type, {}};
  if (cell.type == MIG_INT8) {
    key.bytes.assign(reinterpret_cast<const char*>(&cell.as.i64), sizeof cell.as.i64);
  } else {
    key.bytes.assign(cell.as.data, cell.size);
  }
  return key;
}

mig_cell NewKey::cell(Arena& arena) const {
  mig_cell cell{};
  cell.type = type;
  if (type == MIG_INT8) {
    std::memcpy(&cell.as.i64, bytes.data(), sizeof cell.as.i64);
    return cell;
  }
  char* copy = arena.allocate(bytes.size());
  if (copy == nullptr) throw std::bad_alloc{};
  std::memcpy(copy, bytes.data(), bytes.size());
  cell.as.data = copy;
  cell.size = static_cast<std::uint32_t>(bytes.size());
  return cell;
}

KeyBook::KeyBook(const Entity& entity, const mig::uuid& identity_namespace, const KeyBook* earlier)
    : entity_(entity),
      earlier_(earlier),
      namespace_(identity_namespace),
      numbered_(identity_namespace, entity.name + "/") {}

std::string KeyBook::key_text(const LegacyKey& key) {
  return key.is_integer ? std::to_string(key.integer) : key.text;
}

mig::uuid KeyBook::computed(const LegacyKey& key) const {
  if (key.is_integer) return numbered_(key.integer);
  return mig::uuid5(namespace_, entity_.name + "/" + key.text);
}

KeyBook::State KeyBook::state(const LegacyKey& key) const {
  if (written_.contains(key) || existed(key)) return State::present;
  if (stored(key) != nullptr && !held_.contains(key)) return State::present;
  return held_.contains(key) ? State::held : State::absent;
}

/// A key that cannot be computed.
const NewKey* KeyBook::stored(const LegacyKey& key) const {
  if (!stored_.empty()) {
    if (const auto found = stored_.find(key_text(key)); found != stored_.end()) {
      return &found->second;
    }
  }
  return earlier_ == nullptr ? nullptr : earlier_->stored(key);
}

bool KeyBook::existed(const LegacyKey& key) const {
  if (existing_.contains(key)) return true;
  if (!existing_ids_.empty() && existing_ids_.contains(id_bytes(computed(key)))) return true;
  return earlier_ != nullptr && earlier_->existed(key);
}

mig_cell KeyBook::new_key(const LegacyKey& key, const mig_cell* key_cells, Arena& arena) const {
  if (const NewKey* found = stored(key)) return found->cell(arena);
  if (entity_.identity == MIG_IDENTITY_KEEP) return NewKey::from(key_cells[0]).cell(arena);
  const mig::uuid id = computed(key);
  char* bytes = arena.allocate(id.bytes.size());
  if (bytes == nullptr) throw std::bad_alloc{};
  std::memcpy(bytes, id.bytes.data(), id.bytes.size());
  mig_cell cell{};
  cell.type = MIG_UUID;
  cell.as.data = bytes;
  cell.size = static_cast<std::uint32_t>(id.bytes.size());
  return cell;
}

void KeyBook::add_existing(const LegacyKey& key, std::optional<NewKey> stored) {
  existing_.add(key);
  if (stored) stored_.insert_or_assign(key_text(key), std::move(*stored));
}

bool KeyBook::add_written(const LegacyKey& key) {
  if (!held_.empty() && held_.contains(key)) return false;
  return written_.add(key);
}

void KeyBook::retract(const LegacyKey& key) {
  written_.remove(key);
  held_.add(key);
  if (!stored_.empty()) stored_.erase(key_text(key));
}

void KeyBook::add_alias(const LegacyKey& key, NewKey survivor) {
  stored_.insert_or_assign(key_text(key), std::move(survivor));
}

void KeyBook::assign(const LegacyKey& key, NewKey new_key) {
  stored_.insert_or_assign(key_text(key), std::move(new_key));
}

}  // namespace mighost
