#include "values.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace mighost::dataset {

namespace {

std::int64_t floor_divide(std::int64_t value, std::int64_t divisor) {
  const std::int64_t quotient = value / divisor;
  return value % divisor < 0 ? quotient - 1 : quotient;
}

}  // namespace

Date date_of(int year, unsigned month, unsigned day) {
  const std::chrono::sys_days days = std::chrono::year_month_day{
      std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
  return {days.time_since_epoch().count()};
}

Instant start_of(Date date) { return {date.days * micros_per_day}; }

Date today() { return date_of(2025, 11, 17); }

std::string to_text(Date date) {
  const std::chrono::year_month_day civil{std::chrono::sys_days{std::chrono::days{date.days}}};
  std::array<char, 24> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%04d-%02u-%02u", static_cast<int>(civil.year()),
                static_cast<unsigned>(civil.month()), static_cast<unsigned>(civil.day()));
  return buffer.data();
}

std::string to_text(Instant instant) {
  const std::int64_t days = floor_divide(instant.micros, micros_per_day);
  const std::int64_t in_day = instant.micros - days * micros_per_day;
  const std::int64_t seconds = in_day / micros_per_second;
  std::array<char, 40> buffer{};
  std::snprintf(buffer.data(), buffer.size(), " %02d:%02d:%02d.%06d+00",
                static_cast<int>(seconds / 3600), static_cast<int>(seconds / 60 % 60),
                static_cast<int>(seconds % 60), static_cast<int>(in_day % micros_per_second));
  return to_text(Date{days}) + buffer.data();
}

std::string to_text(const Decimal& decimal) {
  std::string digits = std::to_string(std::abs(decimal.units));
  const auto scale = static_cast<std::size_t>(decimal.scale);
  if (digits.size() <= scale) {
    digits.insert(0, scale + 1 - digits.size(), '0');
  }
  if (scale > 0) {
    digits.insert(digits.size() - scale, ".");
  }
  return decimal.units < 0 ? "-" + digits : digits;
}

void DecimalSum::add(const Decimal& decimal) {
  std::int64_t units = decimal.units;
  for (int scale = decimal.scale; scale < scale_; ++scale) {
    units *= 10;
  }
  for (; scale_ < decimal.scale; ++scale_) {
    units_ *= 10;
  }
  units_ += units;
}

std::string DecimalSum::text() const {
  Decimal sum{units_, scale_};
  while (sum.scale > 2 && sum.units % 10 == 0) {
    sum.units /= 10;
    --sum.scale;
  }
  return to_text(sum);
}

}  // namespace mighost::dataset
