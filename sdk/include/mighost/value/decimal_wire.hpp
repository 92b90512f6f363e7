// mig::decimal from and to PostgreSQL's binary numeric. Include mighost/value/decimal.hpp, not
// this.
#pragma once

#include "mighost/value/decimal.hpp"

namespace mig {

inline std::optional<decimal> decimal::from(numeric value) noexcept {
  detail::numeric_digits digits;
  if (!value.read(digits)) return std::nullopt;
  if (digits.count == 0) return compose(false, 0, 0, digits.scale);
  uint128 magnitude = 0;
  for (int i = 0; i < digits.count - 1; ++i) {
    if (magnitude >= detail::power_of_ten(max_digits - 4)) return std::nullopt;
    magnitude = magnitude * 10'000 + digits[i];
  }
  // The zeros at the end of the last digit stay outside: they may be what makes the rest fit.
  unsigned last = digits[digits.count - 1];
  const int zeros = detail::trailing_zeros(last);
  for (int i = 0; i < zeros; ++i) last /= 10;
  const auto shifted = detail::times_power_of_ten(magnitude, 4 - zeros);
  if (!shifted || *shifted >= magnitude_limit) return std::nullopt;
  return compose(digits.negative, *shifted + last, -digits.decimals(), digits.scale);
}

inline detail::decimal_groups decimal::groups() const noexcept {
  // The digits as characters, with zeros on both sides up to the next multiple of four about the
  // point.
  char text[4 + max_digits + 6];
  std::memset(text, '0', sizeof text);
  char digits[max_digits + 2];
  const auto count = static_cast<int>(write_digits(digits));
  const int whole_groups = count > scale_ ? (count - scale_ + 3) / 4 : 0;
  const int point = 4 * whole_groups;
  const int begin = point + scale_ - count;
  std::memcpy(text + begin, digits, static_cast<std::size_t>(count));
  detail::decimal_groups groups;
  groups.last = whole_groups + (scale_ + 3) / 4;
  for (int i = 0; i < groups.last; ++i) {
    const char* const four = text + 4 * i;
    const int group =
        (four[0] - '0') * 1000 + (four[1] - '0') * 100 + (four[2] - '0') * 10 + (four[3] - '0');
    groups.digits[static_cast<std::size_t>(i)] = static_cast<std::uint16_t>(group);
  }
  const auto digit = [&groups](int i) { return groups.digits[static_cast<std::size_t>(i)]; };
  while (groups.last > 0 && digit(groups.last - 1) == 0) --groups.last;
  while (groups.first < groups.last && digit(groups.first) == 0) ++groups.first;
  groups.weight = groups.first < groups.last ? whole_groups - 1 - groups.first : 0;
  return groups;
}

inline std::size_t decimal::wire_size() const noexcept {
  const detail::decimal_groups found = groups();
  return detail::numeric_header_size + 2 * static_cast<std::size_t>(found.last - found.first);
}

inline std::size_t decimal::write_wire(char* out) const noexcept {
  const detail::decimal_groups found = groups();
  detail::store_word(out, static_cast<std::uint16_t>(found.last - found.first));
  detail::store_word(out + 2, static_cast<std::uint16_t>(found.weight));
  detail::store_word(out + 4, negative_ ? detail::numeric_negative : std::uint16_t{0});
  detail::store_word(out + 6, static_cast<std::uint16_t>(scale_));
  char* at = out + detail::numeric_header_size;
  for (int i = found.first; i < found.last; ++i, at += 2) {
    detail::store_word(at, found.digits[static_cast<std::size_t>(i)]);
  }
  return static_cast<std::size_t>(at - out);
}

}  // namespace mig
