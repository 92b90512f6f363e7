// The wire form of numeric, against what a real server sends.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "mighost/value/decimal.hpp"

namespace {

using mig::decimal;
using mig::numeric;

std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return bytes;
}

std::string to_hex(std::string_view bytes) {
  std::string hex;
  for (const char c : bytes) {
    hex += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4];
    hex += "0123456789abcdef"[static_cast<unsigned char>(c) & 15];
  }
  return hex;
}

struct golden {
  const char* input;
  const char* wire;
  const char* text;
};

// From PostgreSQL 15.20: SELECT encode(numeric_send(v::numeric), 'hex'), v::numeric::text
constexpr golden goldens_that_fit[] = {
    {"0", "0000000000000000", "0"},
    {"0.0", "0000000000000001", "0.0"},
    {"0.00", "0000000000000002", "0.00"},
    {"0.0000000000", "000000000000000a", "0.0000000000"},
    {"1", "00010000000000000001", "1"},
    {"-1", "00010000400000000001", "-1"},
    {"10", "0001000000000000000a", "10"},
    {"-10", "0001000040000000000a", "-10"},
    {"9999", "0001000000000000270f", "9999"},
    {"10000", "00010001000000000001", "10000"},
    {"10001", "000200010000000000010001", "10001"},
    {"99999999", "0002000100000000270f270f", "99999999"},
    {"100000000", "00010002000000000001", "100000000"},
    {"-10000", "00010001400000000001", "-10000"},
    {"0.1", "0001ffff0000000103e8", "0.1"},
    {"0.10", "0001ffff0000000203e8", "0.10"},
    {"-0.10", "0001ffff4000000203e8", "-0.10"},
    {"0.01", "0001ffff000000020064", "0.01"},
    {"0.001", "0001ffff00000003000a", "0.001"},
    {"0.0001", "0001ffff000000040001", "0.0001"},
    {"0.00010", "0001ffff000000050001", "0.00010"},
    {"0.00001", "0001fffe0000000503e8", "0.00001"},
    {"0.5", "0001ffff000000011388", "0.5"},
    {"1.5", "000200000000000100011388", "1.5"},
    {"-1.50", "000200004000000200011388", "-1.50"},
    {"10.50", "0002000000000002000a1388", "10.50"},
    {"12.345", "0002000000000003000c0d7a", "12.345"},
    {"123.4567", "0002000000000004007b11d7", "123.4567"},
    {"1234.56789", "000300000000000504d2162e2328", "1234.56789"},
    {"9999.9999", "0002000000000004270f270f", "9999.9999"},
    {"-9999.9999", "0002000040000004270f270f", "-9999.9999"},
    {"99999.99999", "00040001000000050009270f270f2328", "99999.99999"},
    {"10000.0001", "0003000100000004000100000001", "10000.0001"},
    {"1e-10", "0001fffd0000000a0064", "0.0000000001"},
    {"-1e-10", "0001fffd4000000a0064", "-0.0000000001"},
    {"1e-38", "0001fff6000000260064", "0.00000000000000000000000000000000000001"},
    {"-12345.678e-30", "0003fff940000021007b11d71f40", "-0.000000000000000000000000012345678"},
    {"1e37", "0001000900000000000a", "10000000000000000000000000000000000000"},
    {"-1e37", "0001000940000000000a", "-10000000000000000000000000000000000000"},
    {"1e4", "00010001000000000001", "10000"},
    {"1e8", "00010002000000000001", "100000000"},
    {"5000", "00010000000000001388", "5000"},
    {"5000.0000", "00010000000000041388", "5000.0000"},
    {"12345678.90", "000300010000000204d2162e2328", "12345678.90"},
    {"9999999999.99", "00040002000000020063270f270f26ac", "9999999999.99"},
    {"-9999999999.99", "00040002400000020063270f270f26ac", "-9999999999.99"},
    {"12345678901234567890.123456789", "000800040000000904d2162e23340d801ed204d2162e2328",
     "12345678901234567890.123456789"},
    {"9223372036854775807", "0005000400000000039a0d2c0170156516af", "9223372036854775807"},
    {"-9223372036854775808", "0005000440000000039a0d2c0170156516b0", "-9223372036854775808"},
    {"18446744073709551615", "000500040000000007341a5802e103bb064f", "18446744073709551615"},
    {"18446744073709551616", "000500040000000007341a5802e103bb0650", "18446744073709551616"},
    {"99999999999999999999999999999999999999",
     "000a0009000000000063270f270f270f270f270f270f270f270f270f",
     "99999999999999999999999999999999999999"},
    {"-99999999999999999999999999999999999999",
     "000a0009400000000063270f270f270f270f270f270f270f270f270f",
     "-99999999999999999999999999999999999999"},
    {"0.99999999999999999999999999999999999999",
     "000affff00000026270f270f270f270f270f270f270f270f270f26ac",
     "0.99999999999999999999999999999999999999"},
    {"1.2345678901234567890123456789012345678",
     "000b000000000025000109291a85007b11d722c509291a85007b11d71f40",
     "1.2345678901234567890123456789012345678"},
    {"1234567890123456789012345678901234567.8",
     "000b000900000001000109291a85007b11d722c509291a85007b11d71f40",
     "1234567890123456789012345678901234567.8"},
    {"0.00000000000000000000000000000000000001", "0001fff6000000260064",
     "0.00000000000000000000000000000000000001"},
};

// The same, for what a decimal cannot hold.
constexpr golden goldens_that_do_not_fit[] = {
    {"NaN", "00000000c0000000", "NaN"},
    {"Infinity", "00000000d0000020", "Infinity"},
    {"-Infinity", "00000000f0000020", "-Infinity"},
    {"1e38", "00010009000000000064", "100000000000000000000000000000000000000"},
    {"1e-39", "0001fff600000027000a", "0.000000000000000000000000000000000000001"},
    {"123456789012345678901234567890123456789.5",
     "000b000900000001007b11d722c509291a85007b11d722c509291a851388",
     "123456789012345678901234567890123456789.5"},
};

std::string wire_of(const decimal& value) {
  char bytes[decimal::max_wire_size];
  const std::size_t size = value.write_wire(bytes);
  EXPECT_LE(size, decimal::max_wire_size);
  EXPECT_EQ(size, value.wire_size());
  return std::string(bytes, size);
}

TEST(ValueNumeric, ReadsAndWritesWhatTheServerSends) {
  for (const golden& row : goldens_that_fit) {
    SCOPED_TRACE(row.input);
    const std::string wire = from_hex(row.wire);
    const numeric value{wire};
    EXPECT_TRUE(value.valid());
    EXPECT_FALSE(value.is_nan());
    EXPECT_FALSE(value.is_infinite());
    EXPECT_EQ(value.to_text(), row.text);
    const auto parsed = decimal::parse(row.input);
    ASSERT_TRUE(parsed);
    EXPECT_EQ(to_hex(wire_of(*parsed)), row.wire);
    EXPECT_EQ(parsed->to_text(), row.text);
    EXPECT_EQ(parsed->scale(), value.scale());
    const auto read = decimal::from(value);
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, *parsed);
    EXPECT_EQ(read->to_text(), row.text);
  }
}

TEST(ValueNumeric, ShowsWhatADecimalCannotHold) {
  for (const golden& row : goldens_that_do_not_fit) {
    SCOPED_TRACE(row.input);
    const std::string wire = from_hex(row.wire);
    const numeric value{wire};
    EXPECT_TRUE(value.valid());
    EXPECT_EQ(value.to_text(), row.text);
    EXPECT_FALSE(decimal::from(value));
    EXPECT_FALSE(decimal::parse(row.input));
  }
}

TEST(ValueNumeric, KnowsNanAndTheInfinities) {
  const std::string nan = from_hex("00000000c0000000");
  const std::string plus = from_hex("00000000d0000020");
  const std::string minus = from_hex("00000000f0000020");
  EXPECT_TRUE(numeric{nan}.is_nan());
  EXPECT_FALSE(numeric{nan}.is_infinite());
  EXPECT_TRUE(numeric{plus}.is_infinite());
  EXPECT_TRUE(numeric{minus}.is_infinite());
  EXPECT_FALSE(numeric{minus}.is_nan());
  EXPECT_EQ(numeric{plus}.scale(), 0);
  EXPECT_TRUE(numeric{nan}.fits_scale(0));
  EXPECT_TRUE(numeric{plus}.fits_scale(0));
}

TEST(ValueNumeric, WritesVeryLongValuesInFull) {
  // SELECT encode(numeric_send('1e131071'), 'hex'), encode(numeric_send('0.1e-16382'), 'hex')
  const std::string large = from_hex("00017fff0000000003e8");
  EXPECT_EQ(numeric{large}.to_text(), "1" + std::string(131071, '0'));
  const std::string small = from_hex("0001f00000003fff000a");
  EXPECT_EQ(numeric{small}.to_text(), "0." + std::string(16382, '0') + "1");
  EXPECT_TRUE(numeric{small}.fits_scale(16383));
  EXPECT_FALSE(numeric{small}.fits_scale(16382));
}

TEST(ValueNumeric, FitsScaleLooksAtDigitsAndNotAtTheDisplayScale) {
  struct row {
    const char* text;
    int scale;
    bool fits;
  };
  constexpr row rows[] = {
      {"0", 0, true},           {"0.000", 0, true},   {"1.50", 1, true},       {"1.50", 2, true},
      {"1.50", 0, false},       {"1.05", 1, false},   {"0.1025", 4, true},     {"0.10250", 4, true},
      {"0.10251", 4, false},    {"10.2500", 2, true}, {"10.2500", 1, false},   {"1e-10", 10, true},
      {"1e-10", 9, false},      {"5000", 0, true},    {"5000", -3, true},      {"5000", -4, false},
      {"5010", -1, true},       {"5010", -2, false},  {"10000.0001", 4, true}, {"10000", -4, true},
      {"10000.0001", 3, false}, {"0", -5, true},      {"-1.25", 2, true},      {"-1.25", 1, false},
  };
  for (const row& expected : rows) {
    SCOPED_TRACE(expected.text);
    const auto value = decimal::parse(expected.text);
    ASSERT_TRUE(value);
    const std::string wire = wire_of(*value);
    EXPECT_EQ(numeric{wire}.fits_scale(expected.scale), expected.fits) << expected.scale;
    EXPECT_EQ(value->fits_scale(expected.scale), expected.fits) << expected.scale;
  }
}

TEST(ValueNumeric, RefusesMalformedBytes) {
  constexpr const char* malformed[] = {
      "",                        // nothing
      "00000000000000",          // a byte short of the header
      "000000000000000000",      // a byte too many
      "0001000000000000",        // a digit announced and missing
      "00010000000000000001ff",  // half a digit too many
      "00010000000000002710",    // a digit of 10000
      "0001000000000000ffff",    //
      "00010000800000000001",    // a sign that there is not
      "00000000c00000000001",    // NaN with a digit
      "00000000d000002000",      // infinity with a byte
      "0001ffff0000000003e8",    // 0.1 with no decimals shown
      "0001ffff000000021389",    // 0.5001 with two decimals shown
      "ffff000000000000",        // 65535 digits announced
      "00000000000040000000",    // dscale 16384
  };
  for (const char* hex : malformed) {
    SCOPED_TRACE(hex);
    const std::string wire = from_hex(hex);
    const numeric value{wire};
    EXPECT_FALSE(value.valid());
    EXPECT_EQ(value.to_text(), "");
    EXPECT_EQ(value.scale(), 0);
    EXPECT_FALSE(value.fits_scale(100));
    EXPECT_FALSE(decimal::from(value));
  }
}

TEST(ValueNumeric, TakesZerosThatTheServerWouldStrip) {
  // numeric_recv accepts groups of zeros at the ends, and a negative zero; numeric_send never makes
  // them.
  const std::string padded = from_hex(
      "000400020000000200000005"
      "13880000");
  EXPECT_TRUE(numeric{padded}.valid());
  EXPECT_EQ(numeric{padded}.to_text(), "55000.00");
  EXPECT_EQ(decimal::from({padded})->to_text(), "55000.00");
  const std::string negative_zero = from_hex("00010000400000010000");
  EXPECT_EQ(numeric{negative_zero}.to_text(), "0.0");
  EXPECT_FALSE(decimal::from({negative_zero})->negative());
}

TEST(ValueNumeric, DropsOnlyZerosThatDoNotFit) {
  // 1 with 50 decimals shown: SELECT numeric_send(1::numeric(60,50))
  const std::string one = from_hex("00010000000000320001");
  const auto value = decimal::from({one});
  ASSERT_TRUE(value);
  EXPECT_EQ(value->scale(), 37);
  EXPECT_EQ(*value, 1);
  const std::string zero = from_hex("0000000000003fff");
  EXPECT_EQ(decimal::from({zero})->scale(), 38);
}

}  // namespace
