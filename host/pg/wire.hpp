#pragma once
// Bytes of PostgreSQL's binary COPY format (documentation of COPY, "Binary Format"): big-endian
// integers, a fixed header, a trailer, and fields that are a length and bytes.
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

namespace mighost::wire {

/// Signature, flags and length of the header extension.
inline constexpr std::string_view header{"PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19};
inline constexpr std::string_view trailer{"\377\377", 2};
inline constexpr std::int32_t null_length = -1;

template <class Integer>
constexpr Integer swapped(Integer value) noexcept {
  using Unsigned = std::make_unsigned_t<Integer>;
  const auto bits = static_cast<Unsigned>(value);
  if constexpr (sizeof(Integer) == 2) return static_cast<Integer>(__builtin_bswap16(bits));
  if constexpr (sizeof(Integer) == 4) return static_cast<Integer>(__builtin_bswap32(bits));
  if constexpr (sizeof(Integer) == 8) return static_cast<Integer>(__builtin_bswap64(bits));
}

template <class Integer>
Integer get(const char* bytes) noexcept {
  Integer value;
  std::memcpy(&value, bytes, sizeof value);
  return swapped(value);
}

template <class Integer>
void put(char* bytes, Integer value) noexcept {
  value = swapped(value);
  std::memcpy(bytes, &value, sizeof value);
}

template <class Integer>
void append(std::string& out, Integer value) {
  char bytes[sizeof value];
  put(bytes, value);
  out.append(bytes, sizeof bytes);
}

inline void append_null(std::string& out) { append<std::int32_t>(out, null_length); }

inline void append_field(std::string& out, std::string_view bytes) {
  append<std::int32_t>(out, static_cast<std::int32_t>(bytes.size()));
  out.append(bytes);
}

template <class Integer>
void append_integer_field(std::string& out, Integer value) {
  append<std::int32_t>(out, sizeof value);
  append(out, value);
}

}  // namespace mighost::wire
