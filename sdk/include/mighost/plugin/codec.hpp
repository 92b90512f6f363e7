// How the members of a row struct travel as cells: one codec per column type. Authors need only the
// list of types; std::optional of each of them is a nullable column.
//
//   std::int64_t      every integer width      mig::timestamptz  timestamptz
//   double            float4, float8           mig::date         date
//   bool              bool                     mig::uuid         uuid
//   std::string_view  text, varchar, enums     mig::json         json, jsonb
//   mig::numeric      numeric, untouched       mig::bytes        bytea
//   mig::decimal      numeric, to calculate with
//
// A mig::decimal has less room than PostgreSQL's numeric. A source value that does not fit (or is
// NaN or infinity) never becomes NULL or something near it: the row is rejected with the code
// `decimal_range`, which the SDK declares for every row struct with such a member.
#pragma once

#include <cstring>
#include <limits>
#include <mighost/plugin/types.hpp>
#include <optional>
#include <stdexcept>
#include <type_traits>

namespace mig {

/// get() reads a cell that is not NULL and has the right type; false: the value does not fit.
/// storage() is the number of bytes that put() writes at `at` and moves it on by.
template <class T>
struct codec {
  static constexpr bool known = false;
};

namespace detail {

inline constexpr std::string_view decimal_range = "decimal_range";

template <mig_type Type>
struct codec_base {
  static constexpr bool known = true;
  static constexpr bool nullable = false;
  static constexpr mig_type type = Type;
  template <class T>
  static constexpr std::uint64_t storage(const T&) noexcept {
    return 0;
  }
};

inline void put_view(mig_cell& cell, std::string_view bytes) {
  if (bytes.size() > std::numeric_limits<std::uint32_t>::max()) {
    throw std::length_error("a value is larger than 4 GiB");
  }
  cell.as.data = bytes.data() != nullptr ? bytes.data() : "";
  cell.size = static_cast<std::uint32_t>(bytes.size());
}

inline void put_bytes(mig_cell& cell, const void* bytes, std::size_t size, char*& at) {
  std::memcpy(at, bytes, size);
  put_view(cell, {at, size});
  at += size;
}

}  // namespace detail

template <>
struct codec<std::int64_t> : detail::codec_base<MIG_INT8> {
  static bool get(const mig_cell& cell, std::int64_t& value) noexcept {
    value = cell.as.i64;
    return true;
  }
  static void put(mig_cell& cell, std::int64_t value, char*&) noexcept { cell.as.i64 = value; }
};

template <>
struct codec<double> : detail::codec_base<MIG_FLOAT8> {
  static bool get(const mig_cell& cell, double& value) noexcept {
    value = cell.as.f64;
    return true;
  }
  static void put(mig_cell& cell, double value, char*&) noexcept { cell.as.f64 = value; }
};

template <>
struct codec<bool> : detail::codec_base<MIG_BOOL> {
  static bool get(const mig_cell& cell, bool& value) noexcept {
    value = cell.as.i64 != 0;
    return true;
  }
  static void put(mig_cell& cell, bool value, char*&) noexcept { cell.as.i64 = value ? 1 : 0; }
};

template <>
struct codec<timestamptz> : detail::codec_base<MIG_TIMESTAMPTZ> {
  static bool get(const mig_cell& cell, timestamptz& value) noexcept {
    value.micros_since_2000 = cell.as.i64;
    return true;
  }
  static void put(mig_cell& cell, timestamptz value, char*&) noexcept {
    cell.as.i64 = value.micros_since_2000;
  }
};

template <>
struct codec<date> : detail::codec_base<MIG_DATE> {
  static bool get(const mig_cell& cell, date& value) noexcept {
    value.days_since_2000 = static_cast<std::int32_t>(cell.as.i64);
    return true;
  }
  static void put(mig_cell& cell, date value, char*&) noexcept {
    cell.as.i64 = value.days_since_2000;
  }
};

template <>
struct codec<std::string_view> : detail::codec_base<MIG_TEXT> {
  static bool get(const mig_cell& cell, std::string_view& value) noexcept {
    value = {cell.as.data, cell.size};
    return true;
  }
  static void put(mig_cell& cell, std::string_view value, char*&) { detail::put_view(cell, value); }
};

template <>
struct codec<json> : detail::codec_base<MIG_JSON> {
  static bool get(const mig_cell& cell, json& value) noexcept {
    value.text = {cell.as.data, cell.size};
    return true;
  }
  static void put(mig_cell& cell, json value, char*&) { detail::put_view(cell, value.text); }
};

template <>
struct codec<bytes> : detail::codec_base<MIG_BYTES> {
  static bool get(const mig_cell& cell, bytes& value) noexcept {
    value.data = {cell.as.data, cell.size};
    return true;
  }
  static void put(mig_cell& cell, bytes value, char*&) { detail::put_view(cell, value.data); }
};

template <>
struct codec<numeric> : detail::codec_base<MIG_NUMERIC> {
  static bool get(const mig_cell& cell, numeric& value) noexcept {
    value.wire = {cell.as.data, cell.size};
    return true;
  }
  static void put(mig_cell& cell, numeric value, char*&) { detail::put_view(cell, value.wire); }
};

template <>
struct codec<decimal> : detail::codec_base<MIG_NUMERIC> {
  static bool get(const mig_cell& cell, decimal& value) noexcept {
    const std::optional<decimal> fits = decimal::from(numeric{{cell.as.data, cell.size}});
    if (fits) value = *fits;
    return fits.has_value();
  }
  static std::uint64_t storage(const decimal& value) noexcept { return value.wire_size(); }
  static void put(mig_cell& cell, const decimal& value, char*& at) {
    const std::size_t size = value.wire_size();
    value.write_wire(at);
    detail::put_view(cell, {at, size});
    at += size;
  }
};

template <>
struct codec<uuid> : detail::codec_base<MIG_UUID> {
  static bool get(const mig_cell& cell, uuid& value) noexcept {
    if (cell.size != value.bytes.size()) return false;
    std::memcpy(value.bytes.data(), cell.as.data, value.bytes.size());
    return true;
  }
  static constexpr std::uint64_t storage(const uuid& value) noexcept { return value.bytes.size(); }
  static void put(mig_cell& cell, const uuid& value, char*& at) {
    detail::put_bytes(cell, value.bytes.data(), value.bytes.size(), at);
  }
};

template <class T>
struct codec<std::optional<T>> : codec<T> {
  static constexpr bool nullable = true;
  static bool get(const mig_cell& cell, std::optional<T>& value) noexcept {
    return codec<T>::get(cell, value.emplace());
  }
  static constexpr std::uint64_t storage(const std::optional<T>& value) noexcept {
    return value ? codec<T>::storage(*value) : 0;
  }
  static void put(mig_cell& cell, const std::optional<T>& value, char*& at) {
    if (value) {
      codec<T>::put(cell, *value, at);
    } else {
      cell.flags = MIG_CELL_NULL;
    }
  }
};

namespace detail {

template <class T>
struct unwrapped {
  using type = T;
};
template <class T>
struct unwrapped<std::optional<T>> {
  using type = T;
};
/// T without its std::optional.
template <class T>
using unwrapped_t = typename unwrapped<T>::type;

}  // namespace detail
}  // namespace mig
