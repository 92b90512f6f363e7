// mig::decimal: exact, or nothing.
#include <gtest/gtest.h>

#include <compare>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <type_traits>

#include "mighost/value/decimal.hpp"

namespace {

using mig::decimal;

decimal dec(const char* text) { return decimal::parse(text).value(); }

std::string text_of(const std::optional<decimal>& value) {
  return value ? value->to_text() : "nullopt";
}

const std::string nines(38, '9');

// Usable in constants, and never from a float.
static_assert(decimal::parse("1.0") == decimal::parse("1.00"));
static_assert(decimal::parse("10.25")->shift_decimal_point(-2) == decimal::parse("0.1025"));
static_assert(!std::is_constructible_v<decimal, double> && !std::is_convertible_v<float, decimal>);
static_assert(!std::is_constructible_v<decimal, bool>);
static_assert(decimal::parse("1e38") == std::nullopt);

struct text_case {
  const char* input;
  const char* text;  // "nullopt": refused
};

TEST(ValueDecimal, ParsesWhatPostgresqlParses) {
  constexpr text_case cases[] = {
      {"0", "0"},
      {"-0", "0"},
      {"-0.00", "0.00"},
      {"+1", "1"},
      {"007.50", "7.50"},
      {".5", "0.5"},
      {"5.", "5"},
      {"-.5e1", "-5"},
      {" \t\n\v\f\r12.50 \t\n\v\f\r", "12.50"},
      {"1e3", "1000"},
      {"1E+3", "1000"},
      {"1.50e1", "15.0"},
      {"1.50e-3", "0.00150"},
      {"1.e5", "100000"},
      {"123e0", "123"},
      {"0e1000", "0"},
      {"0e-3", "0.000"},
      {"100e-2", "1.00"},
      {"1e-38", "0.00000000000000000000000000000000000001"},
      {"100e-40", "0.00000000000000000000000000000000000001"},
      {"0.00000000000000000000000000000000000000000001e10", "0.0000000000000000000000000000000001"},
      {"10000000000000000000000000000000000000", "10000000000000000000000000000000000000"},
  };
  for (const text_case& row : cases) {
    SCOPED_TRACE(row.input);
    EXPECT_EQ(text_of(decimal::parse(row.input)), row.text);
  }
}

TEST(ValueDecimal, RefusesWhatIsNoNumber) {
  constexpr const char* refused[] = {
      "",
      " ",
      ".",
      "-",
      "+",
      "e5",
      "1e",
      "1e+",
      "--1",
      "+-1",
      "- 1",
      "1 2",
      "1.2.3",
      "1..2",
      "1,5",
      "1_000",
      "0x10",
      "12a",
      "a12",
      "1e5.5",
      "1e 5",
      "1e--5",
      "$5",
      "NaN",
      "inf",
      "-inf",
      "Infinity",
      "-Infinity",
      "null",
      "\u0661",
      "1e99999999999999999999",
      "0e99999999999999999999",
      "5%",
  };
  for (const char* text : refused) EXPECT_FALSE(decimal::parse(text)) << '"' << text << '"';
  EXPECT_FALSE(decimal::parse(std::string_view("1\0", 2)));
}

TEST(ValueDecimal, NeverRoundsWhatDoesNotFit) {
  EXPECT_EQ(text_of(decimal::parse(nines)), nines);
  EXPECT_EQ(text_of(decimal::parse("-" + nines)), "-" + nines);
  EXPECT_EQ(text_of(decimal::parse("0." + nines)), "0." + nines);
  EXPECT_EQ(text_of(decimal::parse(nines + "0")), "nullopt");
  EXPECT_EQ(text_of(decimal::parse(nines + ".1")), "nullopt");
  EXPECT_EQ(text_of(decimal::parse("0." + nines + "1")), "nullopt");
  EXPECT_EQ(text_of(decimal::parse("1e38")), "nullopt");
  EXPECT_EQ(text_of(decimal::parse("1e-39")), "nullopt");
  // Zeros at the end mean nothing, so they may go.
  EXPECT_EQ(text_of(decimal::parse(nines + ".000")), nines);
  EXPECT_EQ(text_of(decimal::parse("0." + nines + "000")), "0." + nines);
  EXPECT_EQ(text_of(decimal::parse(std::string("1.").append(100, '0'))),
            std::string("1.").append(37, '0'));
  EXPECT_EQ(text_of(decimal::parse(std::string("0.").append(100, '0'))),
            std::string("0.").append(38, '0'));
}

TEST(ValueDecimal, IsMadeFromIntegers) {
  EXPECT_EQ(decimal().to_text(), "0");
  EXPECT_EQ(decimal(-7).to_text(), "-7");
  EXPECT_EQ(decimal(std::numeric_limits<std::int64_t>::min()).to_text(), "-9223372036854775808");
  EXPECT_EQ(decimal(std::numeric_limits<std::uint64_t>::max()).to_text(), "18446744073709551615");
  EXPECT_EQ(text_of(decimal::from_unscaled(1050, 2)), "10.50");
  EXPECT_EQ(text_of(decimal::from_unscaled(-5, 3)), "-0.005");
  EXPECT_EQ(text_of(decimal::from_unscaled(1, 39)), "nullopt");
  EXPECT_EQ(text_of(decimal::from_unscaled(1, -1)), "nullopt");
}

TEST(ValueDecimal, ComparesByValue) {
  EXPECT_EQ(dec("1.0"), dec("1.00"));
  EXPECT_EQ(dec("-0.0"), dec("0"));
  EXPECT_LT(dec("-1"), dec("-0.999"));
  EXPECT_LT(dec("-2"), dec("1"));
  EXPECT_LT(dec("0.1"), dec("0.11"));
  EXPECT_GT(dec("10"), dec("9.99999999999999999999999999999999999"));
  EXPECT_GT(dec(nines.c_str()), dec("0.00000000000000000000000000000000000001"));
  EXPECT_LT(dec(("-" + nines).c_str()), dec("-0.00000000000000000000000000000000000001"));
  EXPECT_TRUE(dec("0.5") > 0);
  EXPECT_TRUE(dec("100.00") <= 100);
  EXPECT_TRUE(dec("1.00") == 1);
  EXPECT_TRUE(dec("-0.01").negative());
  EXPECT_FALSE(dec("0.00").negative());
  EXPECT_TRUE(dec("0.00").is_zero());
}

TEST(ValueDecimal, AddsAndSubtractsExactly) {
  EXPECT_EQ(text_of(dec("0.1").add(dec("0.2"))), "0.3");
  EXPECT_EQ(text_of(dec("1.50").add(dec("1.5"))), "3.00");
  EXPECT_EQ(text_of(dec("1").subtract(dec("1.00"))), "0.00");
  EXPECT_EQ(text_of(dec("-1.25").add(dec("0.5"))), "-0.75");
  EXPECT_EQ(text_of(dec("0.5").subtract(dec("1.25"))), "-0.75");
  EXPECT_EQ(text_of(dec(nines.c_str()).add(1)), "nullopt");
  EXPECT_EQ(text_of(dec(nines.c_str()).subtract(dec(nines.c_str()))), "0");
  EXPECT_EQ(text_of(dec(nines.c_str()).add(dec("0.0"))), nines);
  EXPECT_EQ(text_of(dec(nines.c_str()).add(dec("0.1"))), "nullopt");
  EXPECT_EQ(text_of(dec(nines.c_str()).add(dec(nines.c_str()))), "nullopt");
  EXPECT_EQ(text_of((-dec(nines.c_str())).subtract(1)), "nullopt");
  // What stands between is larger than 38 digits, the result is not.
  EXPECT_EQ(text_of(dec("18000000000000000000000000000000000000")
                        .subtract(dec("9000000000000000000000000000000000000.1"))),
            "8999999999999999999999999999999999999.9");
}

TEST(ValueDecimal, SumsTenMillionLargeAmounts) {
  const decimal amount = dec("9999999999.99");  // the largest numeric(12,2)
  decimal sum;
  for (int i = 0; i < 10'000'000; ++i) sum = *sum.add(amount);
  EXPECT_EQ(sum.to_text(), "99999999999900000.00");
}

TEST(ValueDecimal, MultipliesExactly) {
  EXPECT_EQ(text_of(dec("1.5").multiply(dec("1.50"))), "2.250");
  EXPECT_EQ(text_of(dec("-2").multiply(dec("0.05"))), "-0.10");
  EXPECT_EQ(text_of(dec("-2").multiply(dec("-3"))), "6");
  EXPECT_EQ(text_of(dec("0").multiply(dec("-3.0"))), "0.0");
  EXPECT_EQ(text_of(dec("1e19").multiply(dec("1e18"))), std::string("1").append(37, '0'));
  EXPECT_EQ(text_of(dec("1e19").multiply(dec("1e19"))), "nullopt");
  EXPECT_EQ(text_of(dec("1e-19").multiply(dec("1e-19"))),
            std::string("0.").append(37, '0').append("1"));
  EXPECT_EQ(text_of(dec("1e-19").multiply(dec("1e-20"))), "nullopt");
  EXPECT_EQ(text_of(dec("1e-20").multiply(dec("10e-20"))), "nullopt");
  EXPECT_EQ(text_of(dec("0.50000000000000000000").multiply(dec("2.0000000000000000000000000"))),
            "1.0000000000000000000000000000000000000");
  EXPECT_EQ(text_of(dec(nines.c_str()).multiply(dec("1.000"))), nines);
}

TEST(ValueDecimal, ShiftsThePoint) {
  EXPECT_EQ(text_of(dec("10.25").shift_decimal_point(-2)), "0.1025");
  EXPECT_EQ(text_of(dec("100").shift_decimal_point(-2)), "1.00");
  EXPECT_EQ(text_of(dec("12.5").shift_decimal_point(2)), "1250");
  EXPECT_EQ(text_of(dec("12.50").shift_decimal_point(1)), "125.0");
  EXPECT_EQ(text_of(dec("-1").shift_decimal_point(37)), std::string("-1").append(37, '0'));
  EXPECT_EQ(text_of(dec("1").shift_decimal_point(38)), "nullopt");
  EXPECT_EQ(text_of(dec("1").shift_decimal_point(-38)),
            std::string("0.").append(37, '0').append("1"));
  EXPECT_EQ(text_of(dec("1").shift_decimal_point(-39)), "nullopt");
  EXPECT_EQ(text_of(dec("100").shift_decimal_point(-40)),
            std::string("0.").append(37, '0').append("1"));
  EXPECT_EQ(text_of(dec("1e-38").shift_decimal_point(75)), std::string("1").append(37, '0'));
  EXPECT_EQ(text_of(dec("0.00").shift_decimal_point(1)), "0.0");
  EXPECT_EQ(text_of(dec("0.00").shift_decimal_point(1000)), "0");
  for (const int far : {std::numeric_limits<int>::min(), std::numeric_limits<int>::max()}) {
    EXPECT_EQ(text_of(dec("1").shift_decimal_point(far)), "nullopt");
    EXPECT_TRUE(dec("0").shift_decimal_point(far)->is_zero());
  }
}

TEST(ValueDecimal, RescalesWithoutLosingDigits) {
  EXPECT_EQ(text_of(dec("1.5").rescale(3)), "1.500");
  EXPECT_EQ(text_of(dec("1.500").rescale(1)), "1.5");
  EXPECT_EQ(text_of(dec("1.500").rescale(0)), "nullopt");
  EXPECT_EQ(text_of(dec("-2.00").rescale(0)), "-2");
  EXPECT_EQ(text_of(dec("1.5").rescale(39)), "nullopt");
  EXPECT_EQ(text_of(dec("1.5").rescale(-1)), "nullopt");
  EXPECT_EQ(text_of(dec("1.5").rescale(38)), "nullopt");
  EXPECT_EQ(text_of(dec("0").rescale(38)), std::string("0.").append(38, '0'));
}

TEST(ValueDecimal, RoundsTiesAwayFromZero) {
  EXPECT_EQ(text_of(dec("2.5").round_half_up(0)), "3");
  EXPECT_EQ(text_of(dec("-2.5").round_half_up(0)), "-3");
  EXPECT_EQ(text_of(dec("2.4999").round_half_up(0)), "2");
  EXPECT_EQ(text_of(dec("1.005").round_half_up(2)), "1.01");
  EXPECT_EQ(text_of(dec("1.0049999999999999999999").round_half_up(2)), "1.00");
  EXPECT_EQ(text_of(dec("-0.004").round_half_up(2)), "0.00");
  EXPECT_EQ(text_of(dec("9.995").round_half_up(2)), "10.00");
  EXPECT_EQ(text_of(dec("1.5").round_half_up(3)), "1.500");
  EXPECT_EQ(text_of(dec(("0." + nines).c_str()).round_half_up(0)), "1");
  EXPECT_EQ(text_of(dec("1.5").round_half_up(-1)), "nullopt");
  EXPECT_EQ(text_of(dec("1.5").round_half_up(39)), "nullopt");
}

TEST(ValueDecimal, ConvertsToIntegersOnlyWithoutLoss) {
  EXPECT_EQ(dec("5.00").to_int64(), 5);
  EXPECT_EQ(dec("-5").to_int64(), -5);
  EXPECT_EQ(dec("5.01").to_int64(), std::nullopt);
  EXPECT_EQ(dec("9223372036854775807").to_int64(), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(dec("9223372036854775808").to_int64(), std::nullopt);
  EXPECT_EQ(dec("-9223372036854775808").to_int64(), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(dec("-9223372036854775809").to_int64(), std::nullopt);
}

/// A decimal in plain notation with any number of digits up to 38, drawn to hit the limits often.
std::string random_decimal(std::mt19937_64& random) {
  const std::size_t digits = 1 + random() % 38;
  std::string text = random() % 2 == 0 ? "-" : "";
  const std::size_t point = random() % (digits + 1);
  for (std::size_t i = 0; i < digits; ++i) {
    if (i == point) text += i == 0 ? "0." : ".";
    text += static_cast<char>('0' + (random() % 3 == 0 ? 0 : random() % 10));
  }
  return text;
}

TEST(ValueDecimal, PropertiesOfRandomValues) {
  std::mt19937_64 random(20251117);
  for (int i = 0; i < 50'000; ++i) {
    const std::string text = random_decimal(random);
    SCOPED_TRACE(text);
    const auto value = decimal::parse(text);
    ASSERT_TRUE(value);
    ASSERT_EQ(decimal::parse(value->to_text())->to_text(), value->to_text());
    char wire[decimal::max_wire_size];
    const std::size_t size = value->write_wire(wire);
    ASSERT_EQ(size, value->wire_size());
    const mig::numeric sent{{wire, size}};
    ASSERT_TRUE(sent.valid());
    ASSERT_EQ(sent.to_text(), value->to_text());
    ASSERT_EQ(sent.scale(), value->scale());
    const auto back = decimal::from(sent);
    ASSERT_TRUE(back);
    ASSERT_EQ(back->to_text(), value->to_text());
    ASSERT_EQ(-(-*value), *value);
    ASSERT_TRUE(value->subtract(*value)->is_zero());
    const int places = static_cast<int>(random() % 81) - 40;
    if (const auto shifted = value->shift_decimal_point(places)) {
      ASSERT_EQ(shifted->shift_decimal_point(-places), *value);
    }
  }
}

TEST(ValueDecimal, ArithmeticAgreesWithIntegers) {
  std::mt19937_64 random(7);
  const auto small = [&random] {
    return static_cast<std::int64_t>(random() % 4'000'000'001) - 2'000'000'000;
  };
  for (int i = 0; i < 50'000; ++i) {
    const std::int64_t a = small();
    const std::int64_t b = small();
    const int scale = static_cast<int>(random() % 10);
    const decimal x = *decimal::from_unscaled(a, scale);
    const decimal y = *decimal::from_unscaled(b, scale);
    ASSERT_EQ(x.add(y), *decimal::from_unscaled(a + b, scale));
    ASSERT_EQ(x.subtract(y), *decimal::from_unscaled(a - b, scale));
    ASSERT_EQ(x.multiply(y), *decimal::from_unscaled(a * b, 2 * scale));
    ASSERT_EQ((x <=> y) < 0, a < b);
    ASSERT_EQ((*x.rescale(20) <=> y) < 0, a < b);
    ASSERT_EQ((y <=> *x.rescale(20)) > 0, b > a);
  }
}

}  // namespace
