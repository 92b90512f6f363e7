// The words for legacy codes: defaults, overrides from the configuration, and what is refused.
#include <gtest/gtest.h>

#include "plugin_of.hpp"

namespace {

using mig::testing::bench;

struct Source {
  std::int64_t id;
  std::int64_t reason;
};
struct Target {
  std::string_view reason;
};

constexpr mig::coded reasons[] = {{1, "breakage"}, {2, "other"}};
constexpr std::string_view words[] = {"breakage", "complete", "other"};
constexpr std::int64_t open_codes[] = {2, 3};

struct Family {
  static constexpr std::string_view family = "test";
  static constexpr mig::setting settings[] = {{"reason", mig::kind::map, "{}", "reasons"}};
};

struct Jaws {
  static constexpr std::string_view name = "jaws";
  static constexpr auto source =
      mig::from<Source>("s.t", mig::key("id", &Source::id), mig::col("reason", &Source::reason));
  static constexpr auto target =
      mig::into<Target>("s.u", mig::identity("id"), mig::col("reason", &Target::reason));
  static constexpr mig::code codes[] = {{"unknown_enum", "nobody knows the code"}};

  explicit Jaws(const mig::settings& given) : reason_(reasons, words, given, "reason") {}

  void transform(const Source& row, mig::output<Jaws>& out) {
    const auto word = reason_(row.reason);
    if (!word) return out.reject<"unknown_enum">("reason", mig::digits{row.reason});
    out.row(Target{*word});
  }

 private:
  mig::code_map reason_;
};

bench jaws() { return bench{plugin_of<Family, Jaws>()}; }

TEST(CodeMap, DefaultsAndUnknownCodes) {
  const auto got = jaws().run<Jaws>({{1, 1}, {2, 2}, {3, 3}});
  EXPECT_EQ(got.row(0).text("reason"), "breakage");
  EXPECT_EQ(got.row(1).text("reason"), "other");
  EXPECT_TRUE(got.rejected(2, "unknown_enum"));
}

TEST(CodeMap, TheConfigurationDecides) {
  const auto got = jaws()
                       .setting("reason.2", "complete")
                       .setting("reason.3", "other")
                       .setting("reason.1", "")
                       .run<Jaws>({{1, 1}, {2, 2}, {3, 3}});
  EXPECT_TRUE(got.rejected(0, "unknown_enum"));
  EXPECT_EQ(got.row(1).text("reason"), "complete");
  EXPECT_EQ(got.row(2).text("reason"), "other");
}

TEST(CodeMap, WhatCannotBeMeantEndsTheRun) {
  const auto no_word = jaws().setting("reason.2", "compleet").run<Jaws>({{1, 1}});
  EXPECT_EQ(no_word.status, MIG_FAILED);
  EXPECT_NE(no_word.error.find("'compleet'"), std::string::npos) << no_word.error;
  EXPECT_NE(no_word.error.find("breakage, complete, other"), std::string::npos) << no_word.error;
  const auto twice = jaws().setting("reason.02", "other").run<Jaws>({{1, 1}});
  EXPECT_EQ(twice.status, MIG_FAILED);
  EXPECT_NE(twice.error.find("'02' is code 2"), std::string::npos) << twice.error;
  const auto no_code = jaws().setting("reason.two", "other").run<Jaws>({{1, 1}});
  EXPECT_EQ(no_code.status, MIG_FAILED);
  EXPECT_NE(no_code.error.find("'two'"), std::string::npos) << no_code.error;
}

TEST(CodeMap, OnlyOpenCodesMayBeGivenAMeaning) {
  const std::vector<mig::setting> declared(std::begin(Family::settings),
                                           std::end(Family::settings));
  const auto with = [&](std::string_view code) {
    const mig_setting_value value{sizeof(mig_setting_value), 0, mig::detail::str("reason"),
                                  mig::detail::str(code), mig::detail::str("complete")};
    const mig_setting_value* values[] = {&value};
    const mig_settings given{sizeof(mig_settings), 1, values};
    return mig::code_map(reasons, words, mig::settings{&given, declared}, "reason", open_codes);
  };
  EXPECT_EQ(with("3")(3), "complete");
  EXPECT_THROW(with("1"), std::invalid_argument);
}

TEST(Digits, PadWithZeros) {
  const auto text = [](std::int64_t value, std::size_t width) {
    return std::string{std::string_view{mig::digits{value, width}}};
  };
  EXPECT_EQ(text(7, 1), "7");
  EXPECT_EQ(text(7, 6), "000007");
  EXPECT_EQ(text(1234567, 6), "1234567");
  EXPECT_EQ(text(INT64_MIN, 30), "-9223372036854775808");
  EXPECT_EQ(text(1, 30), "00000000000000000001");
}

}  // namespace
