// A day of the proleptic Gregorian calendar, in PostgreSQL's range: 4714-11-24 BC to 5874897-12-31
// AD, and the two infinities (documentation section 8.5).
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace mig {
namespace detail {

/// Reads fixed forms from the front of a text.
struct text_reader {
  std::string_view rest;

  constexpr bool done() const noexcept { return rest.empty(); }
  constexpr bool take(char c) noexcept {
    if (rest.empty() || rest.front() != c) return false;
    rest.remove_prefix(1);
    return true;
  }
  constexpr bool take(std::string_view word) noexcept {
    if (!rest.starts_with(word)) return false;
    rest.remove_prefix(word.size());
    return true;
  }
  /// A number of `least` to `most` digits, most <= 7; nullopt, and nothing is taken, without as
  /// many.
  constexpr std::optional<int> number(std::size_t least, std::size_t most) noexcept {
    int value = 0;
    std::size_t size = 0;
    for (; size < most && size < rest.size() && rest[size] >= '0' && rest[size] <= '9'; ++size) {
      value = value * 10 + (rest[size] - '0');
    }
    if (size < least) return std::nullopt;
    rest.remove_prefix(size);
    return value;
  }
};

/// Appends `value` >= 0 in decimal with at least `width` digits.
inline void append_number(std::string& out, int value, std::size_t width) {
  const std::string digits = std::to_string(value);
  if (digits.size() < width) out.append(width - digits.size(), '0');
  out += digits;
}

struct civil_day {
  int year;  // astronomical: 0 is 1 BC, -1 is 2 BC
  int month;
  int day;
};

constexpr bool is_leap_year(std::int64_t year) noexcept {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

constexpr int days_in_month(int year, int month) noexcept {
  constexpr std::array<int, 13> days{0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap_year(year) ? 29 : days[static_cast<std::size_t>(month)];
}

/// Days from 2000-01-01. The year is taken to begin in March, so that the leap day is its last, and
/// to be one of an era of 400 years, all of which have the same 146097 days.
constexpr std::int64_t days_from_civil(const civil_day& civil) noexcept {
  const std::int64_t year = std::int64_t{civil.year} - (civil.month <= 2 ? 1 : 0);
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const int month_from_march = (civil.month + 9) % 12;
  const std::int64_t day_of_year = (153 * month_from_march + 2) / 5 + civil.day - 1;
  const std::int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  constexpr std::int64_t epoch = 730'425;  // 2000-01-01 counted from 0000-03-01
  return era * 146'097 + day_of_era - epoch;
}

/// The inverse of days_from_civil.
constexpr civil_day civil_from_days(std::int64_t days) noexcept {
  const std::int64_t from_march_0 = days + 730'425;
  const std::int64_t era = (from_march_0 >= 0 ? from_march_0 : from_march_0 - 146'096) / 146'097;
  const std::int64_t day_of_era = from_march_0 - era * 146'097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const auto month_from_march = static_cast<int>((5 * day_of_year + 2) / 153);
  const auto day = static_cast<int>(day_of_year - (153 * month_from_march + 2) / 5 + 1);
  const int month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  const std::int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  return {static_cast<int>(year), month, day};
}

/// Takes "2025-11-17" off the front; the year has four to seven digits and is never 0000.
constexpr std::optional<civil_day> take_civil_day(text_reader& reader) noexcept {
  const auto year = reader.number(4, 7);
  if (!year || *year == 0 || !reader.take('-')) return std::nullopt;
  const auto month = reader.number(2, 2);
  if (!month || !reader.take('-')) return std::nullopt;
  const auto day = reader.number(2, 2);
  if (!day) return std::nullopt;
  return civil_day{*year, *month, *day};
}

/// Appends year, month and day; the era goes to the very end of the text, see append_era.
inline void append_civil_day(std::string& out, const civil_day& civil) {
  append_number(out, civil.year > 0 ? civil.year : 1 - civil.year, 4);
  out += '-';
  append_number(out, civil.month, 2);
  out += '-';
  append_number(out, civil.day, 2);
}

inline void append_era(std::string& out, const civil_day& civil) {
  if (civil.year <= 0) out += " BC";
}

}  // namespace detail

/// A day, or one of the infinities.
struct date {
  /// Negative before 2000-01-01; INT32_MIN and INT32_MAX are the infinities.
  std::int32_t days_since_2000 = 0;

  static constexpr date infinity() noexcept { return {std::numeric_limits<std::int32_t>::max()}; }
  static constexpr date minus_infinity() noexcept {
    return {std::numeric_limits<std::int32_t>::min()};
  }
  /// The first and the last day that PostgreSQL stores.
  static constexpr date lowest() noexcept { return {-2'451'545}; }
  static constexpr date highest() noexcept { return {2'145'031'948}; }

  /// `year` is astronomical (0 is 1 BC), `month` 1..12, `day` 1..31. nullopt when there is no such
  /// day or it is out of PostgreSQL's range.
  static constexpr std::optional<date> from_ymd(int year, int month, int day) noexcept {
    if (month < 1 || month > 12 || day < 1 || day > detail::days_in_month(year, month)) {
      return std::nullopt;
    }
    const std::int64_t days = detail::days_from_civil({year, month, day});
    if (days < lowest().days_since_2000 || days > highest().days_since_2000) return std::nullopt;
    return date{static_cast<std::int32_t>(days)};
  }

  /// "2025-11-17", "0044-03-15 BC", "infinity", "-infinity"; the year has at least four digits.
  /// nullopt for anything else: no guessing at the order of day and month.
  static constexpr std::optional<date> parse(std::string_view text) noexcept {
    if (text == "infinity") return infinity();
    if (text == "-infinity") return minus_infinity();
    detail::text_reader reader{text};
    const auto civil = detail::take_civil_day(reader);
    if (!civil) return std::nullopt;
    const bool before_christ = reader.take(" BC");
    if (!reader.done()) return std::nullopt;
    return from_ymd(before_christ ? 1 - civil->year : civil->year, civil->month, civil->day);
  }

  constexpr bool is_finite() const noexcept {
    return *this != infinity() && *this != minus_infinity();
  }
  /// Astronomical year (0 is 1 BC), month 1..12, day 1..31 of a finite date; meaningless for an
  /// infinite one.
  constexpr int year() const noexcept { return detail::civil_from_days(days_since_2000).year; }
  constexpr int month() const noexcept { return detail::civil_from_days(days_since_2000).month; }
  constexpr int day() const noexcept { return detail::civil_from_days(days_since_2000).day; }

  /// What parse reads, and PostgreSQL as well.
  std::string to_text() const {
    if (*this == infinity()) return "infinity";
    if (*this == minus_infinity()) return "-infinity";
    const detail::civil_day civil = detail::civil_from_days(days_since_2000);
    std::string text;
    detail::append_civil_day(text, civil);
    detail::append_era(text, civil);
    return text;
  }

  friend constexpr auto operator<=>(const date&, const date&) noexcept = default;
};

/// Whole years from one day to the other, counted in birthdays: somebody born on February 29
/// becomes one year older on March 1 of common years, as PostgreSQL's age() has it. Negative when
/// `later` is the earlier one; nullopt when either is infinite.
constexpr std::optional<int> years_between(date earlier, date later) noexcept {
  if (!earlier.is_finite() || !later.is_finite()) return std::nullopt;
  if (later < earlier) return -*years_between(later, earlier);
  const detail::civil_day born = detail::civil_from_days(earlier.days_since_2000);
  const detail::civil_day now = detail::civil_from_days(later.days_since_2000);
  const bool birthday_came =
      now.month > born.month || (now.month == born.month && now.day >= born.day);
  return now.year - born.year - (birthday_came ? 0 : 1);
}

}  // namespace mig
