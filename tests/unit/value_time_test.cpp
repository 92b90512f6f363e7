// Days and moments, against what a real server makes of the same texts.
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <string>

#include "mighost/value/time.hpp"

namespace {

using mig::date;
using mig::timestamptz;

date day(const char* text) { return date::parse(text).value(); }
timestamptz moment(const char* text) { return timestamptz::parse(text).value(); }

static_assert(date::parse("2024-02-29")->days_since_2000 == 8825);
static_assert(timestamptz::parse("2000-01-01T00:00:00Z")->micros_since_2000 == 0);

TEST(ValueDate, CountsDaysAsPostgresqlDoes) {
  struct row {
    const char* text;
    std::int32_t days;
  };
  // From PostgreSQL 15.20: SELECT text::date - date '2000-01-01'
  constexpr row rows[] = {
      {"2000-01-01", 0},          {"1999-12-31", -1},          {"2000-02-28", 58},
      {"2000-02-29", 59},         {"2000-03-01", 60},          {"2024-02-29", 8825},
      {"2025-11-17", 9452},       {"1900-01-01", -36524},      {"1900-02-28", -36466},
      {"1900-03-01", -36465},     {"1600-02-29", -146038},     {"1970-01-01", -10957},
      {"9999-12-31", 2921939},    {"10000-01-01", 2921940},    {"0001-01-01", -730119},
      {"0001-12-31 BC", -730120}, {"0001-02-29 BC", -730426},  {"0044-03-15 BC", -746117},
      {"0005-02-29 BC", -731887}, {"4714-11-24 BC", -2451545}, {"5874897-12-31", 2145031948},
      {"2100-02-28", 36583},      {"2100-03-01", 36584},       {"2400-02-29", 146156},
  };
  for (const row& expected : rows) {
    const auto value = date::parse(expected.text);
    ASSERT_TRUE(value) << expected.text;
    EXPECT_EQ(value->days_since_2000, expected.days) << expected.text;
    EXPECT_EQ(value->to_text(), expected.text);
  }
}

TEST(ValueDate, RefusesDaysThatThereAreNot) {
  constexpr const char* refused[] = {
      "",
      "2025",
      "2025-11",
      "2025-11-31",
      "2025-02-29",
      "1900-02-29",
      "2100-02-29",
      "2025-00-10",
      "2025-13-10",
      "2025-11-00",
      "2025-11-32",
      "0000-01-01",
      "25-11-17",
      "2025-1-7",
      "2025/11/17",
      "17.11.2025",
      "2025-11-17 ",
      " 2025-11-17",
      "2025-11-17T00:00:00Z",
      "4714-11-23 BC",
      "5874898-01-01",
      "0002-02-29 BC",
      "+2025-11-17",
      "-2025-11-17",
      "20251117",
      "99999999-01-01",
      "2025-11-17 AD",
      "2025-11-17BC",
      "Infinity",
      "inf",
      "today",
      "2025-11-170",
  };
  for (const char* text : refused) EXPECT_FALSE(date::parse(text)) << '"' << text << '"';
}

TEST(ValueDate, IsMadeOfYearMonthAndDay) {
  const date leap = date::from_ymd(2024, 2, 29).value();
  EXPECT_EQ(leap.year(), 2024);
  EXPECT_EQ(leap.month(), 2);
  EXPECT_EQ(leap.day(), 29);
  EXPECT_EQ(date::from_ymd(0, 12, 31)->to_text(), "0001-12-31 BC");
  EXPECT_EQ(date::from_ymd(-4713, 11, 24), date::lowest());
  EXPECT_EQ(date::from_ymd(5874897, 12, 31), date::highest());
  EXPECT_FALSE(date::from_ymd(-4713, 11, 23));
  EXPECT_FALSE(date::from_ymd(5874898, 1, 1));
  EXPECT_FALSE(date::from_ymd(2023, 2, 29));
  EXPECT_FALSE(date::from_ymd(2023, 0, 1));
  EXPECT_FALSE(date::from_ymd(2023, 13, 1));
  EXPECT_FALSE(date::from_ymd(2023, 4, 31));
  EXPECT_FALSE(date::from_ymd(2023, 4, 0));
  EXPECT_FALSE(date::from_ymd(std::numeric_limits<int>::max(), 1, 1));
  EXPECT_FALSE(date::from_ymd(std::numeric_limits<int>::min(), 1, 1));
}

TEST(ValueDate, EveryDayOfEightHundredYearsFollowsTheOneBefore) {
  int year = 1600;
  int month = 1;
  int day_of_month = 1;
  for (std::int32_t days = -146097; days < 2 * 73048; ++days) {
    const date value{days};
    ASSERT_EQ(value, date::from_ymd(year, month, day_of_month));
    ASSERT_EQ(value.year(), year);
    ASSERT_EQ(value.month(), month);
    ASSERT_EQ(value.day(), day_of_month);
    ++day_of_month;
    if (date::from_ymd(year, month, day_of_month)) continue;
    day_of_month = 1;
    month = month % 12 + 1;
    if (month == 1) ++year;
  }
}

TEST(ValueDate, RandomDaysComeBackFromTheirText) {
  std::mt19937_64 random(20251117);
  std::uniform_int_distribution<std::int32_t> days(date::lowest().days_since_2000,
                                                   date::highest().days_since_2000);
  for (int i = 0; i < 100'000; ++i) {
    const date value{days(random)};
    ASSERT_EQ(date::parse(value.to_text()), value) << value.to_text();
    ASSERT_EQ(date::from_ymd(value.year(), value.month(), value.day()), value);
  }
}

TEST(ValueDate, KnowsTheInfinities) {
  EXPECT_EQ(date::parse("infinity"), date::infinity());
  EXPECT_EQ(date::parse("-infinity"), date::minus_infinity());
  EXPECT_EQ(date::infinity().to_text(), "infinity");
  EXPECT_EQ(date::minus_infinity().to_text(), "-infinity");
  EXPECT_EQ(date::infinity().days_since_2000, INT32_MAX);
  EXPECT_EQ(date::minus_infinity().days_since_2000, INT32_MIN);
  EXPECT_FALSE(date::infinity().is_finite());
  EXPECT_FALSE(date::minus_infinity().is_finite());
  EXPECT_TRUE(date{}.is_finite());
  EXPECT_LT(date::minus_infinity(), date::lowest());
  EXPECT_LT(date::highest(), date::infinity());
}

TEST(ValueDate, CountsWholeYears) {
  struct row {
    const char* earlier;
    const char* later;
    int years;
  };
  // From PostgreSQL 15.20: SELECT extract(year FROM age(later, earlier))
  constexpr row rows[] = {
      {"2000-01-01", "2000-01-01", 0},  {"2000-01-01", "2000-12-31", 0},
      {"2000-01-01", "2001-01-01", 1},  {"2004-02-29", "2005-02-28", 0},
      {"2004-02-29", "2005-03-01", 1},  {"2004-02-29", "2008-02-28", 3},
      {"2004-02-29", "2008-02-29", 4},  {"2003-02-28", "2004-02-28", 1},
      {"2003-03-01", "2004-02-29", 0},  {"1985-06-15", "2025-06-14", 39},
      {"1985-06-15", "2025-06-15", 40}, {"1985-06-15", "2025-07-01", 40},
      {"1985-06-15", "2025-05-20", 39}, {"1899-12-31", "2000-01-01", 100},
  };
  for (const row& expected : rows) {
    EXPECT_EQ(mig::years_between(day(expected.earlier), day(expected.later)), expected.years)
        << expected.earlier << ' ' << expected.later;
    EXPECT_EQ(mig::years_between(day(expected.later), day(expected.earlier)), -expected.years);
  }
  EXPECT_EQ(mig::years_between(date::lowest(), date::highest()), 5879610);
  EXPECT_EQ(mig::years_between(date::infinity(), day("2000-01-01")), std::nullopt);
  EXPECT_EQ(mig::years_between(day("2000-01-01"), date::minus_infinity()), std::nullopt);
}

TEST(ValueTimestamptz, ReadsWhatPostgresqlReads) {
  struct row {
    const char* text;
    std::int64_t micros;
    const char* utc;
  };
  // From PostgreSQL 15.20: the 64 bits of timestamptz_send(text)
  constexpr row rows[] = {
      {"2000-01-01T00:00:00Z", 0, "2000-01-01T00:00:00Z"},
      {"1999-12-31T23:59:59.999999Z", -1, "1999-12-31T23:59:59.999999Z"},
      {"2025-11-17T08:30:00Z", 816683400000000, "2025-11-17T08:30:00Z"},
      {"2025-11-17t08:30:00z", 816683400000000, "2025-11-17T08:30:00Z"},
      {"2025-11-17T08:30Z", 816683400000000, "2025-11-17T08:30:00Z"},
      {"2025-11-17 08:30:00+00", 816683400000000, "2025-11-17T08:30:00Z"},
      {"2025-11-17 10:30:00.25+02", 816683400250000, "2025-11-17T08:30:00.25Z"},
      {"2025-11-17T08:30:00-07:30", 816710400000000, "2025-11-17T16:00:00Z"},
      {"2025-11-17T08:30:00-0730", 816710400000000, "2025-11-17T16:00:00Z"},
      {"2025-11-17T08:30:00+15:59:59", 816625801000000, "2025-11-16T16:30:01Z"},
      {"2025-11-17T08:30:00.1000000000Z", 816683400100000, "2025-11-17T08:30:00.1Z"},
      {"1970-01-01T00:00:00Z", -946684800000000, "1970-01-01T00:00:00Z"},
      {"2024-02-29T23:59:60Z", 762566400000000, "2024-03-01T00:00:00Z"},
      {"2024-02-29T24:00:00Z", 762566400000000, "2024-03-01T00:00:00Z"},
      {"1900-02-28T12:00:00.000001Z", -3150619199999999, "1900-02-28T12:00:00.000001Z"},
      {"0001-01-01T00:00:00Z", -63082281600000000, "0001-01-01T00:00:00Z"},
      {"0001-12-31T23:59:59Z BC", -63082281601000000, "0001-12-31T23:59:59Z BC"},
      {"0044-03-15 00:00:00+00 BC", -64464508800000000, "0044-03-15T00:00:00Z BC"},
      {"10000-01-01T00:00:00Z", 252455616000000000, "10000-01-01T00:00:00Z"},
      {"4714-11-24T00:00:00Z BC", -211813488000000000, "4714-11-24T00:00:00Z BC"},
      {"294276-12-31T23:59:59.999999Z", 9223371331199999999, "294276-12-31T23:59:59.999999Z"},
      {"294277-01-01T00:30:00+01:00", 9223371329400000000, "294276-12-31T23:30:00Z"},
  };
  for (const row& expected : rows) {
    SCOPED_TRACE(expected.text);
    const auto value = timestamptz::parse(expected.text);
    ASSERT_TRUE(value);
    EXPECT_EQ(value->micros_since_2000, expected.micros);
    EXPECT_EQ(value->to_text(), expected.utc);
    EXPECT_EQ(timestamptz::parse(expected.utc), value);
  }
}

TEST(ValueTimestamptz, RefusesTheRest) {
  constexpr const char* refused[] = {
      "",
      "2025-11-17",
      "2025-11-17T08:30:00",  // no offset: no moment
      "2025-11-17 08:30:00",
      "2025-11-17T08Z",
      "2025-11-17T8:30:00Z",
      "2025-11-17T08:30:0Z",
      "2025-11-17T08:60:00Z",
      "2025-11-17T24:00:01Z",
      "2025-11-17T24:00:00.000001Z",
      "2025-11-17T25:00:00Z",
      "2025-11-17T08:30:61Z",
      "2025-11-17T23:59:60.5Z",
      "2025-02-29T08:30:00Z",
      "2025-11-17T08:30:00.Z",
      "2025-11-17T08:30:00,5Z",
      "2025-11-17T08:30:00.1234567Z",  // parts of a microsecond
      "2025-11-17T08:30:00+16",
      "2025-11-17T08:30:00+5",
      "2025-11-17T08:30:00+05:60",
      "2025-11-17T08:30:00+05:",
      "2025-11-17T08:30:00+05:0",
      "2025-11-17T08:30:00+05:00:",
      "2025-11-17T08:30:00+05:00:60",
      "2025-11-17T08:30:00 Z",
      "2025-11-17T08:30:00Z ",
      "2025-11-17T08:30:00ZZ",
      "2025-11-17T08:30:00 America/Lima",
      "2025-11-17_08:30:00Z",
      "0000-01-01T00:00:00Z",
      "4714-11-23T23:59:59.999999Z BC",
      "4714-11-24T00:00:00+01 BC",
      "294277-01-01T00:00:00Z",
      "294276-12-31T23:59:59.999999-01",
      "5874897-12-31T00:00:00Z",
      "1700000000",
      "+infinity",
      "now",
  };
  for (const char* text : refused) EXPECT_FALSE(timestamptz::parse(text)) << '"' << text << '"';
}

TEST(ValueTimestamptz, HasADateInUtc) {
  EXPECT_EQ(moment("2025-11-17T23:59:59.999999Z").date(), day("2025-11-17"));
  EXPECT_EQ(moment("2025-11-17T23:30:00-01").date(), day("2025-11-18"));
  EXPECT_EQ(moment("1999-12-31T23:59:59.999999Z").date(), day("1999-12-31"));
  EXPECT_EQ(moment("1999-12-31T00:00:00Z").date(), day("1999-12-31"));
  EXPECT_EQ(timestamptz::lowest().date(), date::lowest());
  EXPECT_EQ(timestamptz::highest().date(), day("294276-12-31"));
  EXPECT_EQ(timestamptz::infinity().date(), date::infinity());
  EXPECT_EQ(timestamptz::minus_infinity().date(), date::minus_infinity());
}

TEST(ValueTimestamptz, KnowsTheInfinities) {
  EXPECT_EQ(timestamptz::parse("infinity"), timestamptz::infinity());
  EXPECT_EQ(timestamptz::parse("-infinity"), timestamptz::minus_infinity());
  EXPECT_EQ(timestamptz::infinity().to_text(), "infinity");
  EXPECT_EQ(timestamptz::minus_infinity().to_text(), "-infinity");
  EXPECT_FALSE(timestamptz::infinity().is_finite());
  EXPECT_TRUE(timestamptz::highest().is_finite());
  EXPECT_LT(timestamptz::minus_infinity(), timestamptz::lowest());
  EXPECT_LT(timestamptz::highest(), timestamptz::infinity());
}

TEST(ValueTimestamptz, RandomMomentsComeBackFromTheirText) {
  std::mt19937_64 random(20251117);
  std::uniform_int_distribution<std::int64_t> any(timestamptz::lowest().micros_since_2000,
                                                  timestamptz::highest().micros_since_2000);
  constexpr std::int64_t century = 100 * 366 * mig::detail::micros_per_day;
  std::uniform_int_distribution<std::int64_t> recent(-century, century);
  for (int i = 0; i < 100'000; ++i) {
    const timestamptz value{i % 2 == 0 ? any(random) : recent(random)};
    ASSERT_EQ(timestamptz::parse(value.to_text()), value) << value.to_text();
  }
}

}  // namespace
