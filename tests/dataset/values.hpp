// Dates, instants and exact decimals as the generator needs them. All instants are relative to a
// fixed "today": a dataset made next year from the same seed is the same dataset.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace mighost::dataset {

// Days since 1970-01-01.
struct Date {
  std::int64_t days = 0;
  auto operator<=>(const Date&) const = default;
};

// Microseconds since 1970-01-01 00:00 UTC.
struct Instant {
  std::int64_t micros = 0;
  auto operator<=>(const Instant&) const = default;
};

// units / 10^scale, never a binary fraction.
struct Decimal {
  std::int64_t units = 0;
  int scale = 0;
};

constexpr std::int64_t micros_per_second = 1'000'000;
constexpr std::int64_t micros_per_day = 86'400 * micros_per_second;

Date date_of(int year, unsigned month, unsigned day);
Instant start_of(Date date);

Date today();  // 2025-11-17

std::string to_text(Date date);
std::string to_text(Instant instant);
std::string to_text(const Decimal& decimal);

// Sums decimals of any scale exactly. The text has two decimals, or more if the value needs them.
class DecimalSum {
 public:
  void add(const Decimal& decimal);
  std::string text() const;

 private:
  std::int64_t units_ = 0;  // at the scale of `scale_`
  int scale_ = 2;           // money: never fewer than two decimals
};

}  // namespace mighost::dataset
