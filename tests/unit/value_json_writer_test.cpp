// The writers of JSON: what they write is what was said, and always JSON.
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>

#include "mighost/value/json.hpp"

namespace {

using mig::decimal;
using mig::json_array;
using mig::json_object;
using mig::json_status;
using namespace std::string_view_literals;

std::string of(const auto& value) {
  json_array array;
  array.add(value);
  EXPECT_NE(mig::json_check(array.view()), json_status::invalid) << array.view();
  return array.str().substr(1, array.str().size() - 2);
}

TEST(ValueJsonWriter, WritesEachKindOfValue) {
  EXPECT_EQ(of("text"), R"("text")");
  EXPECT_EQ(of(std::string("text")), R"("text")");
  EXPECT_EQ(of("text"sv), R"("text")");
  const char* pointer = "text";
  EXPECT_EQ(of(pointer), R"("text")");
  EXPECT_EQ(of(""), R"("")");
  EXPECT_EQ(of(true), "true");
  EXPECT_EQ(of(false), "false");
  EXPECT_EQ(of(0), "0");
  EXPECT_EQ(of(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
  EXPECT_EQ(of(std::numeric_limits<std::uint64_t>::max()), "18446744073709551615");
  EXPECT_EQ(of(*decimal::parse("-10.50")), "-10.50");
  EXPECT_EQ(of(std::nullopt), "null");
  EXPECT_EQ(of(std::optional<int>()), "null");
  EXPECT_EQ(of(std::optional<int>(7)), "7");
  EXPECT_EQ(of(std::optional<std::string_view>("x")), R"("x")");
  EXPECT_EQ(of(std::optional<decimal>(5)), "5");
  EXPECT_EQ(of(*mig::date::parse("2024-02-29")), R"("2024-02-29")");
  EXPECT_EQ(of(mig::timestamptz{}), R"("2000-01-01T00:00:00Z")");
  EXPECT_EQ(of(mig::uuid{}), R"("00000000-0000-0000-0000-000000000000")");
  EXPECT_EQ(of(json_object()), "{}");
  EXPECT_EQ(of(json_array()), "[]");
}

TEST(ValueJsonWriter, WritesNumericsOfAnySize) {
  constexpr std::string_view ten = "\0\1\0\0\0\0\0\2\0\x0a"sv;
  constexpr std::string_view nan = "\0\0\0\0\xc0\0\0\0"sv;
  constexpr std::string_view infinity = "\0\0\0\0\xf0\0\0\x20"sv;
  EXPECT_EQ(of(mig::numeric{ten}), "10.00");
  EXPECT_EQ(of(mig::numeric{nan}), R"("NaN")");
  EXPECT_EQ(of(mig::numeric{infinity}), R"("-Infinity")");
}

TEST(ValueJsonWriter, EscapesWhatMustBeEscaped) {
  EXPECT_EQ(of("a\"b\\c/d"), R"("a\"b\\c/d")");
  EXPECT_EQ(of("\b\f\n\r\t"), R"("\b\f\n\r\t")");
  EXPECT_EQ(of("\x01\x0b\x1f\x7f"), "\"\\u0001\\u000b\\u001f\x7f\"");
  EXPECT_EQ(of("\0"sv), R"("\u0000")");
  EXPECT_EQ(of("\u00e9\u65e5\U0001f600"), "\"\u00e9\u65e5\U0001f600\"");
  // The special character at each place of a word, with neighbours that may confuse the search.
  for (const std::string_view special : {"\""sv, "\\"sv, "\n"sv}) {
    for (std::size_t at = 0; at < 20; ++at) {
      for (const std::string_view filler : {"x"sv, "!"sv, "#"sv, " "sv, "]"sv, "["sv, "\u00e9"sv}) {
        std::string text;
        for (std::size_t i = 0; i < 20; ++i) text += i == at ? special : filler;
        std::string expected;
        for (std::size_t i = 0; i < 20; ++i) {
          expected += i != at           ? filler
                      : special == "\n" ? "\\n"sv
                      : special == "\"" ? "\\\""sv
                                        : "\\\\"sv;
        }
        ASSERT_EQ(of(text), '"' + expected + '"');
      }
    }
  }
}

TEST(ValueJsonWriter, WritesObjectsInOrder) {
  json_object object;
  EXPECT_TRUE(object.empty());
  EXPECT_EQ(object.view(), "{}");
  object.add("name", "x").add("count", 2).add("none", std::nullopt).add("yes", true);
  EXPECT_FALSE(object.empty());
  EXPECT_EQ(object.view(), R"({"name":"x","count":2,"none":null,"yes":true})");
  object.add_raw("raw", R"({"a":[1]})").add_string("amount", *decimal::parse("10.50"));
  object.add_string("id", std::int64_t{9007199254740993});
  EXPECT_EQ(object.str(), R"({"name":"x","count":2,"none":null,"yes":true,"raw":{"a":[1]},)"
                          R"("amount":"10.50","id":"9007199254740993"})");
  EXPECT_EQ(mig::json_check(object.view()), json_status::valid);
}

TEST(ValueJsonWriter, EscapesNames) {
  json_object object;
  object.add("a\"b\n", 1);
  EXPECT_EQ(object.view(), R"({"a\"b\n":1})");
}

TEST(ValueJsonWriter, Nests) {
  json_array groups;
  groups.add("Doctor").add("Sales");
  json_object inner;
  inner.add("groups", groups).add("empty", json_array());
  json_array outer;
  outer.add(inner).add(json_object()).add_raw("null").add_string(*decimal::parse("1.0"));
  EXPECT_EQ(outer.view(), R"([{"groups":["Doctor","Sales"],"empty":[]},{},null,"1.0"])");
}

TEST(ValueJsonWriter, KeepsItsMemoryWhenCleared) {
  json_object object;
  object.add("text", std::string(1000, 'x'));
  const char* before = object.view().data();
  object.clear();
  EXPECT_EQ(object.view(), "{}");
  object.add("text", std::string(900, 'y'));
  EXPECT_EQ(object.view().data(), before);
  json_array array;
  array.add(1);
  array.clear();
  EXPECT_EQ(array.add(2).view(), "[2]");
}

TEST(ValueJsonWriter, CanBeMovedAndUsedAgain) {
  json_object object;
  object.add("a", 1);
  const json_object taken = std::move(object);
  EXPECT_EQ(taken.view(), R"({"a":1})");
  object.clear();
  EXPECT_EQ(object.add("b", 2).view(), R"({"b":2})");
}

TEST(ValueJsonWriter, WritesAnyTextAsJson) {
  std::mt19937_64 random(20251117);
  constexpr std::array<std::string_view, 10> parts{"a",      "\"", "\\",     "\n",         "\x01",
                                                   "\u00e9", " ",  "\u65e5", "\U0001f600", "text"};
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (std::uint64_t left = random() % 30; left != 0; --left)
      text += parts[random() % parts.size()];
    json_object object;
    object.add(text, text).add("next", static_cast<std::int64_t>(random()));
    ASSERT_EQ(mig::json_check(object.view()), json_status::valid) << object.view();
  }
}

}  // namespace
