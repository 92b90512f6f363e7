// Exact decimal numbers, for money above all. Nothing here rounds unless its name says so, and
// whatever does not fit is std::nullopt, never a nearby value.
#pragma once

#include <array>
#include <charconv>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "mighost/value/numeric.hpp"

namespace mig {
namespace detail {

__extension__ typedef unsigned __int128 uint128;

inline constexpr std::array<uint128, 39> powers_of_ten = [] {
  std::array<uint128, 39> powers{1};
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

template <class T>
concept integer = std::integral<T> && !std::same_as<T, bool>;

constexpr uint128 power_of_ten(int exponent) noexcept {
  return powers_of_ten[static_cast<std::size_t>(exponent)];
}

/// value * 10^exponent, nullopt beyond 128 bits. 0 <= exponent <= 38.
constexpr std::optional<uint128> times_power_of_ten(uint128 value, int exponent) noexcept {
  uint128 product = 0;
  if (__builtin_mul_overflow(value, power_of_ten(exponent), &product)) return std::nullopt;
  return product;
}

/// A decimal in groups of four digits about its point: what stands on the wire.
struct decimal_groups {
  std::array<std::uint16_t, 12> digits;
  int first = 0;
  int last = 0;  // digits[first, last) without the zeros at both ends
  int weight = 0;
};

}  // namespace detail

/// A signed decimal number of up to 38 digits, of which up to 38 are decimals: the value is an
/// integer below 10^38 in magnitude (what 128 bits hold of full decimal digits) divided by
/// 10^scale. The sum of 10 million values of a numeric(12,2) needs 19 digits. The scale is kept as
/// PostgreSQL's numeric keeps it: 10.50 has scale 2, and equals 10.5. There is no negative zero,
/// NaN or infinity.
///
/// Zeros at the end of the decimals carry no value. Where digits would not fit, such zeros are
/// dropped first; a digit that means something never is.
class decimal {
 public:
  static constexpr int max_digits = 38;
  static constexpr int max_scale = 38;
  /// Bytes that write_text needs at most: sign, "0.", 38 digits.
  static constexpr std::size_t max_text_size = 41;
  /// Bytes that write_wire needs at most: the header and 11 groups (1 + 37 digits, both cut by the
  /// point).
  static constexpr std::size_t max_wire_size = 30;

  constexpr decimal() noexcept = default;

  /// Any integer, exactly, with scale 0. Floating point does not convert: it was never exact.
  /// Implicit, so that `amount > 0` reads well.
  template <detail::integer Integer>
  constexpr decimal(Integer value) noexcept
      : magnitude_(value < 0 ? ~static_cast<detail::uint128>(value) + 1
                             : static_cast<detail::uint128>(value)),
        negative_(value < 0) {}
  template <std::floating_point Float>
  decimal(Float) = delete;

  /// unscaled / 10^scale, for example from_unscaled(1050, 2) = 10.50. nullopt unless 0 <= scale
  /// <= 38.
  static constexpr std::optional<decimal> from_unscaled(std::int64_t unscaled, int scale) noexcept {
    if (scale < 0 || scale > max_scale) return std::nullopt;
    decimal value(unscaled);
    value.scale_ = scale;
    return value;
  }

  /// Reads what PostgreSQL reads as numeric (documentation section 4.1.2.6, with sign and
  /// surrounding white space): "-12.50", ".5", "5.", "1.5e-3". nullopt for anything else, for NaN
  /// and infinities, and when the value does not fit.
  static constexpr std::optional<decimal> parse(std::string_view text) noexcept;

  /// nullopt for NaN, the infinities, invalid bytes, and values that do not fit.
  static std::optional<decimal> from(numeric value) noexcept;

  /// Decimals shown, 0..38.
  constexpr int scale() const noexcept { return scale_; }
  constexpr bool is_zero() const noexcept { return magnitude_ == 0; }
  /// True for values below zero.
  constexpr bool negative() const noexcept { return negative_; }
  /// True when rescale(decimals) would lose nothing.
  constexpr bool fits_scale(int decimals) const noexcept;
  /// The value when it is an integer within 64 bits: 5.00 gives 5, 5.01 gives nullopt.
  constexpr std::optional<std::int64_t> to_int64() const noexcept;

  constexpr decimal operator-() const noexcept { return decimal(!negative_, magnitude_, scale_); }

  /// Sum and difference, exact, with the larger of the two scales. nullopt on overflow.
  constexpr std::optional<decimal> add(const decimal& other) const noexcept;
  constexpr std::optional<decimal> subtract(const decimal& other) const noexcept {
    return add(-other);
  }
  /// Product, exact, with the sum of the scales. nullopt on overflow. (A product that only comes to
  /// fit through zeros that neither factor has, such as 2^80 * 5^80, counts as overflow.)
  constexpr std::optional<decimal> multiply(const decimal& other) const noexcept;

  /// The value times 10^places, exact: -2 turns percent into a fraction (10.25 -> 0.1025), 2
  /// dollars into cents. nullopt when it does not fit.
  constexpr std::optional<decimal> shift_decimal_point(int places) const noexcept;

  /// The same value with exactly `scale` decimals. nullopt when a digit other than 0 would be lost,
  /// when the zeros to be added do not fit, or unless 0 <= scale <= 38.
  constexpr std::optional<decimal> rescale(int scale) const noexcept;

  /// The nearest value with exactly `scale` decimals; a tie goes away from zero (2.5 -> 3, -2.5 ->
  /// -3), as PostgreSQL's round(numeric, int) does. nullopt when zeros to be added do not fit, or
  /// unless 0 <= scale <= 38.
  constexpr std::optional<decimal> round_half_up(int scale) const noexcept;

  /// By value: 1.0 == 1.00.
  friend constexpr bool operator==(const decimal& left, const decimal& right) noexcept {
    return (left <=> right) == 0;
  }
  friend constexpr std::weak_ordering operator<=>(const decimal& left,
                                                  const decimal& right) noexcept {
    if (left.negative_ != right.negative_) {
      return left.negative_ ? std::weak_ordering::less : std::weak_ordering::greater;
    }
    return left.negative_ ? compare_magnitudes(right, left) : compare_magnitudes(left, right);
  }

  /// Writes the text, at most max_text_size bytes, and returns how many. Plain notation, the scale
  /// shown: "10.50", "-0.05", "0". Valid as a JSON number and as PostgreSQL input.
  std::size_t write_text(char* out) const noexcept;
  std::string to_text() const {
    char text[max_text_size];
    return std::string(text, write_text(text));
  }

  /// Bytes that write_wire writes, at most max_wire_size.
  std::size_t wire_size() const noexcept;
  /// Writes the value as PostgreSQL's binary numeric, byte for byte what numeric_send gives for it,
  /// and returns the number of bytes.
  std::size_t write_wire(char* out) const noexcept;

 private:
  using uint128 = detail::uint128;
  static constexpr uint128 magnitude_limit = detail::power_of_ten(max_digits);

  constexpr decimal(bool negative, uint128 magnitude, int scale) noexcept
      : magnitude_(magnitude), scale_(scale), negative_(negative && magnitude != 0) {}

  static constexpr std::optional<decimal> fit(bool negative, uint128 magnitude, int scale) noexcept;
  static constexpr std::optional<decimal> compose(bool negative, uint128 magnitude, int exponent,
                                                  int scale_wanted) noexcept;
  static constexpr std::optional<decimal> strip_and_compose(bool negative, uint128 magnitude,
                                                            int exponent,
                                                            int scale_wanted) noexcept;
  static constexpr std::weak_ordering compare_magnitudes(const decimal& left,
                                                         const decimal& right) noexcept;
  constexpr decimal without_trailing_zeros() const noexcept;
  std::size_t write_digits(char* out) const noexcept;
  detail::decimal_groups groups() const noexcept;

  uint128 magnitude_ = 0;  // below 10^38
  int scale_ = 0;          // 0..38
  bool negative_ = false;  // never for zero
};

}  // namespace mig

#include "mighost/value/decimal_arithmetic.hpp"
#include "mighost/value/decimal_text.hpp"
#include "mighost/value/decimal_wire.hpp"
