// mig::decimal from and to text. Include mighost/value/decimal.hpp, not this.
#pragma once

#include "mighost/value/decimal.hpp"

namespace mig {
namespace detail {

/// What stands before the exponent: magnitude * 10^zeros / 10^decimals, the magnitude without zeros
/// at its end.
struct decimal_mantissa {
  uint128 magnitude = 0;
  int zeros = 0;
  int decimals = 0;
};

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

constexpr std::string_view trim_ascii_space(std::string_view text) noexcept {
  const auto space = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
  while (!text.empty() && space(text.front())) text.remove_prefix(1);
  while (!text.empty() && space(text.back())) text.remove_suffix(1);
  return text;
}

/// Takes the sign off the front of `text`; true for a minus.
constexpr bool take_sign(std::string_view& text) noexcept {
  if (text.empty() || (text.front() != '-' && text.front() != '+')) return false;
  const bool minus = text.front() == '-';
  text.remove_prefix(1);
  return minus;
}

/// Adds one digit; false when there are more than 38 that matter.
constexpr bool add_digit(decimal_mantissa& mantissa, int digit) noexcept {
  if (digit == 0) {
    if (mantissa.magnitude != 0) ++mantissa.zeros;
    return true;
  }
  // Only when the zeros held back turn out to stand before a digit do they count.
  constexpr uint128 limit = power_of_ten(37);
  for (; mantissa.zeros >= 0; --mantissa.zeros) {
    if (mantissa.magnitude >= limit) return false;
    mantissa.magnitude *= 10;
  }
  mantissa.zeros = 0;
  mantissa.magnitude += static_cast<unsigned>(digit);
  return true;
}

/// Takes "12.50" off the front of `text`. nullopt without a digit, with too many digits, or beyond
/// 1 GB.
constexpr std::optional<decimal_mantissa> take_mantissa(std::string_view& text) noexcept {
  if (text.size() > 1'000'000'000) return std::nullopt;
  decimal_mantissa mantissa;
  bool point = false;
  bool digits = false;
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '.' && !point) {
      point = true;
      continue;
    }
    if (!is_digit(c)) break;
    digits = true;
    if (point) ++mantissa.decimals;
    if (!add_digit(mantissa, c - '0')) return std::nullopt;
  }
  text.remove_prefix(at);
  if (!digits) return std::nullopt;
  return mantissa;
}

/// Reads the rest, "" or "e-5". nullopt when malformed or beyond +-1,000,000,000.
constexpr std::optional<int> read_exponent(std::string_view text) noexcept {
  if (text.empty()) return 0;
  if (text.front() != 'e' && text.front() != 'E') return std::nullopt;
  text.remove_prefix(1);
  const bool minus = take_sign(text);
  if (text.empty()) return std::nullopt;
  constexpr std::int64_t limit = 1'000'000'000;
  std::int64_t exponent = 0;
  for (const char c : text) {
    if (!is_digit(c)) return std::nullopt;
    exponent = exponent * 10 + (c - '0');
    if (exponent > limit) return std::nullopt;
  }
  return static_cast<int>(minus ? -exponent : exponent);
}

}  // namespace detail

constexpr std::optional<decimal> decimal::parse(std::string_view text) noexcept {
  text = detail::trim_ascii_space(text);
  const bool minus = detail::take_sign(text);
  const auto mantissa = detail::take_mantissa(text);
  if (!mantissa) return std::nullopt;
  const auto exponent = detail::read_exponent(text);
  if (!exponent) return std::nullopt;
  const int scale = mantissa->decimals - *exponent;
  return compose(minus, mantissa->magnitude, mantissa->zeros - scale, scale > 0 ? scale : 0);
}

/// The digits of the magnitude without leading zeros ("0" for zero), at most 38; returns how many.
inline std::size_t decimal::write_digits(char* out) const noexcept {
  constexpr std::uint64_t billions = 1'000'000'000'000'000'000u;  // 10^18
  if (magnitude_ < billions) {
    const auto end = std::to_chars(out, out + 20, static_cast<std::uint64_t>(magnitude_)).ptr;
    return static_cast<std::size_t>(end - out);
  }
  const uint128 rest = magnitude_ / billions;  // below 10^20, which may be more than 64 bits hold
  const auto low = static_cast<std::uint64_t>(magnitude_ % billions);
  const std::size_t size = decimal(false, rest, 0).write_digits(out);
  // A one in front of the 18 digits keeps their leading zeros; its place is then taken by the last
  // of `rest`.
  char padded[20];
  std::to_chars(padded, padded + 20, low + billions);
  std::memcpy(out + size, padded + 1, 18);
  return size + 18;
}

inline std::size_t decimal::write_text(char* out) const noexcept {
  char digits[max_digits + 2];
  const std::size_t count = write_digits(digits);
  const auto decimals = static_cast<std::size_t>(scale_);
  char* at = out;
  const auto append = [&at](const char* from, std::size_t size) {
    std::memcpy(at, from, size);
    at += size;
  };
  if (negative_) *at++ = '-';
  if (count > decimals) {
    append(digits, count - decimals);
    if (decimals == 0) return static_cast<std::size_t>(at - out);
    *at++ = '.';
    append(digits + count - decimals, decimals);
    return static_cast<std::size_t>(at - out);
  }
  append("0.", 2);
  std::memset(at, '0', decimals - count);
  at += decimals - count;
  append(digits, count);
  return static_cast<std::size_t>(at - out);
}

}  // namespace mig
