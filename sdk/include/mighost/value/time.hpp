// Instants, as PostgreSQL's timestamp with time zone holds them: a count of microseconds, without a
// zone, in the range 4714-11-24 BC to 294276-12-31 AD, and the two infinities (documentation
// section 8.5).
#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "mighost/value/date.hpp"
#include "mighost/value/text.hpp"

namespace mig {
namespace detail {

inline constexpr std::int64_t micros_per_second = 1'000'000;
inline constexpr std::int64_t micros_per_day = 86'400 * micros_per_second;

/// ".5" -> 500000, "" -> 0. nullopt for a point without digits and for parts of a microsecond: no
/// rounding.
constexpr std::optional<int> take_fraction(text_reader& reader) noexcept {
  if (!reader.take('.')) return 0;
  int micros = 0;
  int digits = 0;
  for (; !reader.done(); ++digits) {
    const auto digit = reader.number(1, 1);
    if (!digit) break;
    if (digits < 6) micros = micros * 10 + *digit;
    if (digits >= 6 && *digit != 0) return std::nullopt;
  }
  if (digits == 0) return std::nullopt;
  for (; digits < 6; ++digits) micros *= 10;
  return micros;
}

/// Takes "08:30", "08:30:00" or "08:30:00.25" off the front: microseconds since midnight. Up to
/// 24:00:00, and second 60 counts as the first of the next minute, both as in PostgreSQL.
constexpr std::optional<std::int64_t> take_time_of_day(text_reader& reader) noexcept {
  const auto hour = reader.number(2, 2);
  if (!hour || !reader.take(':')) return std::nullopt;
  const auto minute = reader.number(2, 2);
  if (!minute || *minute > 59) return std::nullopt;
  std::optional<int> second = 0;
  std::optional<int> fraction = 0;
  if (reader.take(':')) {
    second = reader.number(2, 2);
    if (!second || *second > 60) return std::nullopt;
    fraction = take_fraction(reader);
    if (!fraction) return std::nullopt;
  }
  const std::int64_t seconds = (std::int64_t{*hour} * 60 + *minute) * 60 + *second;
  const std::int64_t micros = seconds * micros_per_second + *fraction;
  if (micros > micros_per_day) return std::nullopt;
  return micros;
}

/// Takes "Z", "+02", "+0200", "+02:00" or "+02:00:00" off the front: seconds east of Greenwich,
/// below 16 hours.
constexpr std::optional<int> take_offset(text_reader& reader) noexcept {
  if (reader.take('Z') || reader.take('z')) return 0;
  const bool west = reader.take('-');
  if (!west && !reader.take('+')) return std::nullopt;
  const auto hours = reader.number(2, 2);
  if (!hours || *hours > 15) return std::nullopt;
  std::optional<int> minutes = 0;
  std::optional<int> seconds = 0;
  const bool colon = reader.take(':');
  const bool digits = !reader.done() && reader.rest.front() >= '0' && reader.rest.front() <= '9';
  if (colon || digits) {
    minutes = reader.number(2, 2);
    if (colon && reader.take(':')) seconds = reader.number(2, 2);
  }
  if (!minutes || *minutes > 59 || !seconds || *seconds > 59) return std::nullopt;
  const int offset = (*hours * 60 + *minutes) * 60 + *seconds;
  return west ? -offset : offset;
}

}  // namespace detail

/// A moment, or one of the infinities.
struct timestamptz {
  /// Since 2000-01-01 00:00 UTC, negative before; INT64_MIN and INT64_MAX are the infinities.
  std::int64_t micros_since_2000 = 0;

  static constexpr timestamptz infinity() noexcept {
    return {std::numeric_limits<std::int64_t>::max()};
  }
  static constexpr timestamptz minus_infinity() noexcept {
    return {std::numeric_limits<std::int64_t>::min()};
  }
  /// The first and the last moment that PostgreSQL stores.
  static constexpr timestamptz lowest() noexcept { return {-211'813'488'000'000'000}; }
  static constexpr timestamptz highest() noexcept { return {9'223'371'331'199'999'999}; }

  /// ISO 8601 and what PostgreSQL prints: "2025-11-17T08:30:00Z", "2025-11-17 08:30:00.25+02",
  /// "0044-03-15T00:00:00Z BC", "infinity", "-infinity". The offset must be there: without it a
  /// text names no moment. nullopt for anything else, out of range, and parts of a microsecond.
  static constexpr std::optional<timestamptz> parse(std::string_view text) noexcept {
    if (text == "infinity") return infinity();
    if (text == "-infinity") return minus_infinity();
    detail::text_reader reader{text};
    auto civil = detail::take_civil_day(reader);
    if (!civil || !(reader.take('T') || reader.take('t') || reader.take(' '))) return std::nullopt;
    const auto time = detail::take_time_of_day(reader);
    if (!time) return std::nullopt;
    const auto offset = detail::take_offset(reader);
    if (!offset) return std::nullopt;
    if (reader.take(" BC")) civil->year = 1 - civil->year;
    const auto day = mig::date::from_ymd(civil->year, civil->month, civil->day);
    constexpr int year_max = 294'277;  // a day more would not fit into 64 bits
    if (!reader.done() || !day || civil->year > year_max) return std::nullopt;
    return at(*day, *time - *offset * detail::micros_per_second);
  }

  constexpr bool is_finite() const noexcept {
    return *this != infinity() && *this != minus_infinity();
  }

  /// The day in UTC; an infinite moment has an infinite date.
  constexpr mig::date date() const noexcept {
    if (*this == infinity()) return mig::date::infinity();
    if (*this == minus_infinity()) return mig::date::minus_infinity();
    return {static_cast<std::int32_t>(whole_days())};
  }

  /// ISO 8601 in UTC, "2025-11-17T08:30:00Z", with a fraction of a second only when there is one,
  /// years before Christ as PostgreSQL writes them ("0044-03-15T00:00:00Z BC"), "infinity" and
  /// "-infinity".
  std::string to_text() const;

  friend constexpr auto operator<=>(const timestamptz&, const timestamptz&) noexcept = default;

 private:
  /// The moment `micros` (within a few days of 0) after midnight UTC of `day` (before the year
  /// 294278).
  static constexpr std::optional<timestamptz> at(mig::date day, std::int64_t micros) noexcept {
    std::int64_t midnight = 0;
    std::int64_t sum = 0;
    const std::int64_t days = day.days_since_2000;
    if (__builtin_mul_overflow(days, detail::micros_per_day, &midnight)) return std::nullopt;
    if (__builtin_add_overflow(midnight, micros, &sum)) return std::nullopt;
    const timestamptz moment{sum};
    if (moment < lowest() || moment > highest()) return std::nullopt;
    return moment;
  }
  constexpr std::int64_t whole_days() const noexcept {
    const std::int64_t days = micros_since_2000 / detail::micros_per_day;
    return micros_since_2000 % detail::micros_per_day < 0 ? days - 1 : days;
  }
};

inline std::string timestamptz::to_text() const {
  if (*this == infinity()) return "infinity";
  if (*this == minus_infinity()) return "-infinity";
  const std::int64_t days = whole_days();
  const std::int64_t micros = micros_since_2000 - days * detail::micros_per_day;
  const auto seconds = static_cast<int>(micros / detail::micros_per_second);
  const detail::civil_day civil = detail::civil_from_days(days);
  std::string text;
  detail::append_civil_day(text, civil);
  text += 'T';
  detail::append_number(text, seconds / 3600, 2);
  text += ':';
  detail::append_number(text, seconds / 60 % 60, 2);
  text += ':';
  detail::append_number(text, seconds % 60, 2);
  if (const auto fraction = static_cast<int>(micros % detail::micros_per_second); fraction != 0) {
    text += '.';
    detail::append_number(text, fraction, 6);
    text.erase(text.find_last_not_of('0') + 1);
  }
  text += 'Z';
  detail::append_era(text, civil);
  return text;
}

}  // namespace mig
