// PostgreSQL's binary numeric as it crosses the boundary: borrowed bytes, passed through untouched.
// Looking into it costs nothing that a column which only passes through would pay.
//
// The bytes are those of numeric_send (PostgreSQL's numeric.c): four 16-bit words in
// network order, ndigits, weight, sign, dscale, then ndigits words, each a digit of base 10000. The
// first digit counts 10000^weight, the next 10000^(weight-1), and so on; dscale is how many
// decimals are shown.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mig {
namespace detail {

inline std::uint16_t load_word(const char* at) noexcept {
  const auto high = static_cast<std::uint8_t>(at[0]);
  const auto low = static_cast<std::uint8_t>(at[1]);
  return static_cast<std::uint16_t>(high << 8 | low);
}

inline void store_word(char* at, std::uint16_t word) noexcept {
  at[0] = static_cast<char>(word >> 8);
  at[1] = static_cast<char>(word & 0xFF);
}

inline constexpr std::size_t numeric_header_size = 8;
inline constexpr std::uint16_t numeric_negative = 0x4000;
inline constexpr std::uint16_t numeric_nan = 0xC000;
inline constexpr std::uint16_t numeric_plus_infinity = 0xD000;
inline constexpr std::uint16_t numeric_minus_infinity = 0xF000;
inline constexpr int numeric_scale_max = 16383;

/// Zeros at the end of a digit of base 10000 (1..9999): 0 to 3.
constexpr int trailing_zeros(unsigned digit) noexcept {
  int zeros = 0;
  for (; digit % 10 == 0; digit /= 10) ++zeros;
  return zeros;
}

/// The digits of a finite numeric without the groups of zeros at both ends.
struct numeric_digits {
  const char* data = nullptr;
  int count = 0;  // 0: the value is zero
  int weight = 0;
  int scale = 0;
  bool negative = false;

  unsigned operator[](int i) const noexcept { return load_word(data + 2 * i); }

  /// How many decimals the value needs: 2 for 1.50 * 10^-1, -3 for 5000.
  int decimals() const noexcept {
    if (count == 0) return 0;
    return 4 * (count - 1 - weight) - trailing_zeros((*this)[count - 1]);
  }
};

}  // namespace detail

/// A numeric of any size, exact, as PostgreSQL sent it. The bytes belong to somebody else (the
/// batch).
struct numeric {
  std::string_view wire;

  bool is_nan() const noexcept { return sign() == detail::numeric_nan; }
  /// True for both infinities (PostgreSQL 14 and later).
  bool is_infinite() const noexcept {
    return sign() == detail::numeric_plus_infinity || sign() == detail::numeric_minus_infinity;
  }

  /// True when numeric_recv would take the bytes as they are and lose nothing: lengths agree,
  /// digits are below 10000, and none stands beyond dscale (PostgreSQL never stores such a digit).
  bool valid() const noexcept {
    if (is_nan() || is_infinite()) return wire.size() == detail::numeric_header_size;
    detail::numeric_digits digits;
    return read(digits);
  }

  /// Decimals shown (dscale), 0..16383. 0 for NaN, the infinities and bytes that are not valid.
  int scale() const noexcept {
    detail::numeric_digits digits;
    return read(digits) ? digits.scale : 0;
  }

  /// True when no digit other than 0 stands beyond `decimals` decimals, so that a column
  /// numeric(p,decimals) takes the value without rounding it. True for NaN and the infinities;
  /// false for invalid bytes. `decimals` may be negative, as in numeric(5,-2).
  bool fits_scale(int decimals) const noexcept {
    if (is_nan() || is_infinite()) return valid();
    detail::numeric_digits digits;
    return read(digits) && (digits.count == 0 || digits.decimals() <= decimals);
  }

  /// The exact text, as numeric_out writes it: "10.50", "NaN", "-Infinity". Empty when not valid.
  std::string to_text() const {
    if (!valid()) return {};
    if (is_nan()) return "NaN";
    if (is_infinite()) return sign() == detail::numeric_plus_infinity ? "Infinity" : "-Infinity";
    detail::numeric_digits digits;
    read(digits);
    return digits_to_text(digits);
  }

  /// Fills `digits`; false when the value is not finite or the bytes are not valid. For the SDK
  /// itself.
  bool read(detail::numeric_digits& digits) const noexcept;

 private:
  std::uint16_t sign() const noexcept {
    return wire.size() < detail::numeric_header_size ? 0 : detail::load_word(wire.data() + 4);
  }
  static std::string digits_to_text(const detail::numeric_digits& digits);
};

inline bool numeric::read(detail::numeric_digits& digits) const noexcept {
  if (wire.size() < detail::numeric_header_size) return false;
  const char* const header = wire.data();
  digits.count = detail::load_word(header);
  digits.weight = static_cast<std::int16_t>(detail::load_word(header + 2));
  digits.negative = sign() == detail::numeric_negative;
  digits.scale = detail::load_word(header + 6);
  digits.data = header + detail::numeric_header_size;
  if (sign() != 0 && !digits.negative) return false;
  if (digits.scale > detail::numeric_scale_max) return false;
  if (wire.size() != detail::numeric_header_size + 2 * static_cast<std::size_t>(digits.count)) {
    return false;
  }
  for (int i = 0; i < digits.count; ++i) {
    if (digits[i] > 9999) return false;
  }
  while (digits.count > 0 && digits[digits.count - 1] == 0) --digits.count;
  while (digits.count > 0 && digits[0] == 0) {
    digits.data += 2;
    --digits.count;
    --digits.weight;
  }
  if (digits.count == 0) digits.negative = false;
  return digits.decimals() <= digits.scale;
}

inline std::string numeric::digits_to_text(const detail::numeric_digits& digits) {
  const std::size_t sign_size = digits.negative ? 1 : 0;
  std::string text(sign_size, '-');
  const auto append_group = [&](int position) {  // the digit that counts 10000^position
    const int i = digits.weight - position;
    unsigned group = i >= 0 && i < digits.count ? digits[i] : 0;
    for (unsigned unit = 1000; unit != 0; unit /= 10) {
      text.push_back(static_cast<char>('0' + group / unit));
      group %= unit;
    }
  };
  for (int position = digits.weight; position >= 0; --position) append_group(position);
  text.erase(sign_size, std::min(text.find_first_not_of('0', sign_size), text.size()) - sign_size);
  if (text.size() == sign_size) text.push_back('0');
  if (digits.scale == 0) return text;
  text.push_back('.');
  const std::size_t size = text.size() + static_cast<std::size_t>(digits.scale);
  for (int position = -1; text.size() < size; --position) append_group(position);
  text.resize(size);
  return text;
}

}  // namespace mig
