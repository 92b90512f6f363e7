// json_check at its limits; value_json_corpus_test.cpp has the ordinary cases.
#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "mighost/value/json.hpp"

namespace {

using mig::json_check;
using mig::json_status;

/// `text` so many times, between `front` and `back`.
std::string around(std::string_view front, std::string_view text, std::size_t times,
                   std::string_view back) {
  std::string out(front);
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out += back;
}

std::string nested(std::string_view open, std::size_t opened, std::string_view close,
                   std::size_t closed) {
  return around(around("", open, opened, "1"), close, closed, "");
}

TEST(ValueJsonCheck, RefusesRawNulBytes) {
  using namespace std::string_view_literals;
  for (const std::string_view text : {"\0"sv, "\"a\0b\""sv, "null\0"sv, "[1\0]"sv, "\"\\\0\""sv}) {
    EXPECT_EQ(json_check(text), json_status::invalid);
  }
}

TEST(ValueJsonCheck, NeverReadsBeyondTheText) {
  const std::string text = R"({"a":["\ud83d\ude00",-1.5e+10,true,null,"0123456789"]})";
  for (std::size_t size = 0; size < text.size(); ++size) {
    const std::string prefix(text, 0, size);  // its own allocation, for AddressSanitizer to watch
    EXPECT_EQ(json_check(std::string_view(prefix.data(), size)), json_status::invalid) << prefix;
  }
  EXPECT_EQ(json_check(text), json_status::valid);
}

TEST(ValueJsonCheck, LimitsTheDepth) {
  const std::size_t most = mig::json_max_depth;
  EXPECT_EQ(json_check(nested("[", most, "]", most)), json_status::valid);
  EXPECT_EQ(json_check(nested("[", most + 1, "]", most + 1)), json_status::invalid);
  EXPECT_EQ(json_check(nested("[", most, "]", most - 1)), json_status::invalid);
  EXPECT_EQ(json_check(nested("[", most, "]", most + 1)), json_status::invalid);
  EXPECT_EQ(json_check(nested("{\"a\":", most, "}", most)), json_status::valid);
  EXPECT_EQ(json_check(nested("[{\"a\":", most / 2, "}]", most / 2)), json_status::valid);
  EXPECT_EQ(json_check(nested("[{\"a\":", most / 2, "]}", most / 2)), json_status::invalid);
  EXPECT_EQ(json_check(nested("[", 10'000'000, "]", 0)), json_status::invalid);
  EXPECT_EQ(json_check(around("[", "[],", 100'000, "[]]")), json_status::valid);
}

TEST(ValueJsonCheck, LimitsNumbersAsNumericDoes) {
  // Each answer is that of PostgreSQL 15.20 for the same text.
  const auto ones = [](std::string_view front, std::string_view back) {
    return json_check(around(front, "1", 131'072, back));
  };
  EXPECT_EQ(ones("", ""), json_status::valid);
  EXPECT_EQ(ones("", "1"), json_status::invalid);
  EXPECT_EQ(ones("-", ".5"), json_status::valid);
  EXPECT_EQ(ones("", "1e-1"), json_status::valid);
  EXPECT_EQ(ones("", "e1"), json_status::invalid);
  const auto zeros = [](std::size_t count, std::string_view back) {
    return json_check(around("0.", "0", count, back));
  };
  EXPECT_EQ(zeros(16'382, "1"), json_status::valid);
  EXPECT_EQ(zeros(16'383, "1"), json_status::invalid);
  EXPECT_EQ(zeros(16'383, ""), json_status::valid);
  EXPECT_EQ(zeros(16'384, ""), json_status::invalid);
  EXPECT_EQ(zeros(16'383, "1e1"), json_status::valid);
  EXPECT_EQ(zeros(16'384, "1e1"), json_status::invalid);
  EXPECT_EQ(zeros(20'000, "e20000"), json_status::valid);
  EXPECT_EQ(zeros(20'000, "1e151072"), json_status::valid);
  EXPECT_EQ(zeros(20'000, "1e151073"), json_status::invalid);
}

TEST(ValueJsonCheck, ReplacesOnlyRealEscapes) {
  EXPECT_EQ(mig::replace_nul_escapes(R"("a\u0000b")"), R"("a\ufffdb")");
  EXPECT_EQ(mig::replace_nul_escapes(R"("\\u0000")"), R"("\\u0000")");
  EXPECT_EQ(mig::replace_nul_escapes(R"("\\\u0000")"), R"("\\\ufffd")");
  EXPECT_EQ(mig::replace_nul_escapes(R"("\u0000\u0000\n\u0000")"), R"("\ufffd\ufffd\n\ufffd")");
  EXPECT_EQ(mig::replace_nul_escapes(R"("\u00000")"), R"("\ufffd0")");
  EXPECT_EQ(mig::replace_nul_escapes(R"("\u0001")"), R"("\u0001")");
  EXPECT_EQ(mig::replace_nul_escapes(""), "");
  EXPECT_EQ(mig::replace_nul_escapes("\\"), "\\");
  EXPECT_EQ(mig::replace_nul_escapes("\\u000"), "\\u000");
}

}  // namespace
