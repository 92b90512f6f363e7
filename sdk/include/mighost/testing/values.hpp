// Values for tests: cells that own their bytes, legacy keys, and numerics from text.
#pragma once

#include <deque>
#include <memory>
#include <mighost/plugin.hpp>
#include <mutex>

namespace mig::testing {

/// A cell that owns its bytes. `bytes` holds what as.data points to, `integer` is as.i64.
struct value {
  mig_type type = MIG_TYPE_INVALID;
  bool null = true;
  std::int64_t integer = 0;
  double real = 0;
  std::string bytes;
};

inline bool has_bytes(mig_type type) noexcept {
  switch (type) {
    case MIG_TEXT:
    case MIG_NUMERIC:
    case MIG_UUID:
    case MIG_BYTES:
    case MIG_JSON:
      return true;
    default:
      return false;
  }
}

inline value copy(const mig_cell& cell) {
  value to;
  to.type = cell.type;
  to.null = (cell.flags & MIG_CELL_NULL) != 0;
  if (to.null) return to;
  if (has_bytes(cell.type)) {
    if (cell.size != 0) to.bytes.assign(cell.as.data, cell.size);
  } else if (cell.type == MIG_FLOAT8) {
    to.real = cell.as.f64;
  } else {
    to.integer = cell.as.i64;
  }
  return to;
}

/// The value of a member of a row struct.
template <class T>
value to_value(const T& member) {
  std::string storage(static_cast<std::size_t>(codec<T>::storage(member)), '\0');
  char* at = storage.data();
  mig_cell cell{};
  cell.type = codec<T>::type;
  codec<T>::put(cell, member, at);
  return copy(cell);
}

inline value null_of(mig_type type) {
  value to;
  to.type = type;
  return to;
}

/// A numeric of a test's source row, whose bytes live as long as the process: number("12.50").
inline numeric number(std::string_view text) {
  static std::mutex mutex;
  static std::deque<std::string> wires;
  const std::optional<decimal> parsed = decimal::parse(text);
  if (!parsed) throw std::invalid_argument("not a decimal: " + std::string{text});
  std::string wire(parsed->wire_size(), '\0');
  parsed->write_wire(wire.data());
  const std::lock_guard lock(mutex);
  return {wires.emplace_back(std::move(wire))};
}

/// The parts of a key as text, joined by '/', the way the host writes them. NULL is shown as such.
inline std::string key_text(const mig_cell* parts, std::size_t n) {
  std::string text;
  for (std::size_t i = 0; i < n; ++i) {
    if (i != 0) text += '/';
    if ((parts[i].flags & MIG_CELL_NULL) != 0) {
      text += "NULL";
    } else if (uuid key; detail::decode(parts[i], key)) {
      text += key.to_text();
    } else {
      const value part = copy(parts[i]);
      text += has_bytes(part.type) ? part.bytes : std::to_string(part.integer);
    }
  }
  return text;
}

/// A legacy key: 7, "eu-west", or {7, 3} for a key of several columns.
class legacy_key {
 public:
  template <class... Part>
  requires(sizeof...(Part) > 0 && (detail::key_part<Part> && ...)) legacy_key(
      const Part&... parts) {  // NOLINT: implicit, so that knows("core.doctors", 7) reads well
    const mig_cell cells[] = {detail::key_cell(parts)...};
    text_ = key_text(cells, sizeof...(Part));
  }
  const std::string& text() const noexcept { return text_; }

 private:
  std::string text_;
};

/// The key that the bench gives to a row of `entity`: a UUIDv5 as the host would make it, in a
/// namespace of its own.
inline uuid key_of(std::string_view entity, const legacy_key& key) {
  return uuid5(namespace_oid, std::string{entity} + "/" + key.text());
}

}  // namespace mig::testing
