// The arithmetic of mig::decimal. Include mighost/value/decimal.hpp, not this.
#pragma once

#include "mighost/value/decimal.hpp"

namespace mig {
namespace detail {

/// Decimal digits of a value below 10^38; 0 has none.
constexpr int count_digits(uint128 value) noexcept {
  int digits = 0;
  while (digits < 38 && value >= power_of_ten(digits)) ++digits;
  return digits;
}

}  // namespace detail

/// magnitude / 10^scale as a decimal; sheds zeros at the end of the decimals until it fits.
constexpr std::optional<decimal> decimal::fit(bool negative, uint128 magnitude,
                                              int scale) noexcept {
  while (magnitude >= magnitude_limit || scale > max_scale) {
    if (scale == 0 || magnitude % 10 != 0) return std::nullopt;
    magnitude /= 10;
    --scale;
  }
  return decimal(negative, magnitude, scale);
}

/// magnitude * 10^exponent with as many of the wanted decimals as fit; a nonzero magnitude must not
/// end in a zero and be below 10^38.
constexpr std::optional<decimal> decimal::compose(bool negative, uint128 magnitude, int exponent,
                                                  int scale_wanted) noexcept {
  if (magnitude == 0) return decimal(false, 0, scale_wanted < max_scale ? scale_wanted : max_scale);
  if (exponent < -max_scale || exponent >= max_digits) return std::nullopt;
  int scale = exponent < 0 ? -exponent : 0;
  if (exponent > 0) {
    const auto product = detail::times_power_of_ten(magnitude, exponent);
    if (!product || *product >= magnitude_limit) return std::nullopt;
    magnitude = *product;
  }
  int zeros = (scale_wanted < max_scale ? scale_wanted : max_scale) - scale;
  if (zeros > 0) {
    const int room = max_digits - detail::count_digits(magnitude);
    if (zeros > room) zeros = room;
    magnitude *= detail::power_of_ten(zeros);
    scale += zeros;
  }
  return decimal(negative, magnitude, scale);
}

/// The same for any magnitude.
constexpr std::optional<decimal> decimal::strip_and_compose(bool negative, uint128 magnitude,
                                                            int exponent,
                                                            int scale_wanted) noexcept {
  for (; magnitude != 0 && magnitude % 10 == 0; magnitude /= 10) ++exponent;
  if (magnitude >= magnitude_limit) return std::nullopt;
  return compose(negative, magnitude, exponent, scale_wanted);
}

constexpr std::weak_ordering decimal::compare_magnitudes(const decimal& left,
                                                         const decimal& right) noexcept {
  if (left.scale_ == right.scale_) return left.magnitude_ <=> right.magnitude_;
  if (left.scale_ > right.scale_) return 0 <=> compare_magnitudes(right, left);
  const auto aligned = detail::times_power_of_ten(left.magnitude_, right.scale_ - left.scale_);
  if (!aligned) return std::weak_ordering::greater;
  return *aligned <=> right.magnitude_;
}

constexpr decimal decimal::without_trailing_zeros() const noexcept {
  decimal value = *this;
  while (value.scale_ > 0 && value.magnitude_ % 10 == 0) {
    value.magnitude_ /= 10;
    --value.scale_;
  }
  return value;
}

constexpr bool decimal::fits_scale(int decimals) const noexcept {
  if (decimals >= scale_ || is_zero()) return true;
  const int surplus = scale_ - decimals;
  return surplus <= max_digits && magnitude_ % detail::power_of_ten(surplus) == 0;
}

constexpr std::optional<std::int64_t> decimal::to_int64() const noexcept {
  const auto whole = rescale(0);
  if (!whole) return std::nullopt;
  const uint128 limit = (uint128{1} << 63) - (negative_ ? 0 : 1);
  if (whole->magnitude_ > limit) return std::nullopt;
  const auto low = static_cast<std::uint64_t>(whole->magnitude_);
  return static_cast<std::int64_t>(negative_ ? ~low + 1 : low);
}

constexpr std::optional<decimal> decimal::add(const decimal& other) const noexcept {
  if (scale_ > other.scale_) return other.add(*this);
  // Signs and magnitudes are kept apart: two magnitudes below 10^38 add up within 128 bits.
  const auto aligned = detail::times_power_of_ten(magnitude_, other.scale_ - scale_);
  if (!aligned) {
    const decimal shorter = other.without_trailing_zeros();
    if (shorter.scale_ == other.scale_) return std::nullopt;
    return add(shorter);
  }
  uint128 sum = 0;
  if (negative_ == other.negative_) {
    if (__builtin_add_overflow(*aligned, other.magnitude_, &sum)) return std::nullopt;
    return fit(negative_, sum, other.scale_);
  }
  if (*aligned >= other.magnitude_)
    return fit(negative_, *aligned - other.magnitude_, other.scale_);
  return fit(other.negative_, other.magnitude_ - *aligned, other.scale_);
}

constexpr std::optional<decimal> decimal::multiply(const decimal& other) const noexcept {
  const bool negative = negative_ != other.negative_;
  uint128 product = 0;
  if (!__builtin_mul_overflow(magnitude_, other.magnitude_, &product)) {
    return fit(negative, product, scale_ + other.scale_);
  }
  const decimal left = without_trailing_zeros();
  const decimal right = other.without_trailing_zeros();
  if (__builtin_mul_overflow(left.magnitude_, right.magnitude_, &product)) return std::nullopt;
  return strip_and_compose(negative, product, -(left.scale_ + right.scale_), scale_ + other.scale_);
}

constexpr std::optional<decimal> decimal::shift_decimal_point(int places) const noexcept {
  constexpr int far = 2 * max_digits;  // from anywhere to beyond the limits
  if (places > far || places < -far) {
    if (!is_zero()) return std::nullopt;
    places = places > 0 ? far : -far;
  }
  const int scale = scale_ - places;
  if (scale >= 0 && scale <= max_scale) return decimal(negative_, magnitude_, scale);
  return strip_and_compose(negative_, magnitude_, -scale, scale > 0 ? scale : 0);
}

constexpr std::optional<decimal> decimal::rescale(int scale) const noexcept {
  if (scale < 0 || scale > max_scale || !fits_scale(scale)) return std::nullopt;
  if (scale <= scale_) {
    return decimal(negative_, magnitude_ / detail::power_of_ten(scale_ - scale), scale);
  }
  const auto padded = detail::times_power_of_ten(magnitude_, scale - scale_);
  if (!padded || *padded >= magnitude_limit) return std::nullopt;
  return decimal(negative_, *padded, scale);
}

constexpr std::optional<decimal> decimal::round_half_up(int scale) const noexcept {
  if (scale < 0 || scale >= scale_) return rescale(scale);
  const uint128 unit = detail::power_of_ten(scale_ - scale);
  uint128 rounded = magnitude_ / unit;
  if (magnitude_ % unit >= unit / 2) ++rounded;
  return decimal(negative_, rounded, scale);
}

}  // namespace mig
