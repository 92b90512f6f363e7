#include "config/quantity.hpp"

#include <gtest/gtest.h>

#include "config/digest.hpp"

namespace mighost {
namespace {

using namespace std::chrono_literals;

TEST(Quantity, Sizes) {
  EXPECT_EQ(parse_size("512B"), 512U);
  EXPECT_EQ(parse_size("64KiB"), 65'536U);
  EXPECT_EQ(parse_size("8MiB"), 8'388'608U);
  EXPECT_EQ(parse_size("8 MiB"), 8'388'608U);
  EXPECT_EQ(parse_size("1GiB"), 1'073'741'824U);
  EXPECT_EQ(parse_size("0B"), 0U);
}

TEST(Quantity, RefusesOtherSizes) {
  for (const char* text : {"", "8", "8MB", "8mib", "MiB", "-8MiB", "1.5GiB", "8MiBs", " 8MiB",
                           "18446744073709551616B", "99999999999GiB"}) {
    EXPECT_EQ(parse_size(text), std::nullopt) << text;
  }
}

TEST(Quantity, Durations) {
  EXPECT_EQ(parse_duration("0"), 0ms);
  EXPECT_EQ(parse_duration("250ms"), 250ms);
  EXPECT_EQ(parse_duration("30s"), 30s);
  EXPECT_EQ(parse_duration("5 min"), 5min);
  EXPECT_EQ(parse_duration("2h"), 2h);
}

TEST(Quantity, RefusesOtherDurations) {
  for (const char* text : {"", "30", "30 seconds", "5m", "-1s", "1.5h", "99999999999999999h"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

TEST(Digest, IsSha256) {
  EXPECT_EQ(sha256_text(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_text("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace mighost
