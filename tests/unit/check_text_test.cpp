#include "cli/check_text.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace mighost {
namespace {

const std::vector<CheckLine> mixed = {
    {"PASS", "source connection", "PostgreSQL 15.8 at host=old", ""},
    {"WARN", "target time zone", "not UTC", "set timezone = 'UTC' for the role"},
    {"FAIL", "target privileges", "no INSERT on public.orders", "GRANT INSERT ON public.orders"}};

TEST(CheckText, IsAlignedWithARemedyEach) {
  EXPECT_EQ(check_text(mixed, false),
            "PASS  source connection  PostgreSQL 15.8 at host=old\n"
            "WARN  target time zone   not UTC\n"
            "                         next: set timezone = 'UTC' for the role\n"
            "FAIL  target privileges  no INSERT on public.orders\n"
            "                         next: GRANT INSERT ON public.orders\n"
            "\n"
            "3 checks: 1 passed, 1 warning, 1 failed. A run would be refused.\n");
  EXPECT_TRUE(any_failed(mixed));
}

TEST(CheckText, WarningsDoNotStandAgainstARun) {
  const std::vector<CheckLine> lines(mixed.begin(), mixed.begin() + 2);
  EXPECT_FALSE(any_failed(lines));
  EXPECT_TRUE(check_text(lines, false)
                  .ends_with("2 checks: 1 passed, 1 warning, 0 failed. "
                             "Nothing stands against a run.\n"));
}

TEST(CheckText, AnUnknownStatusCountsAgainstTheRun) {
  EXPECT_TRUE(any_failed({{"pass", "x", "y", ""}}));
}

TEST(CheckText, ColorMarksTheStatus) {
  EXPECT_NE(check_text(mixed, true).find("\x1b[31mFAIL\x1b[0m  target"), std::string::npos);
  EXPECT_EQ(check_text(mixed, false).find('\x1b'), std::string::npos);
}

TEST(CheckText, Json) {
  const auto json = nlohmann::json::parse(check_json(mixed));
  EXPECT_EQ(json["passed"], false);
  ASSERT_EQ(json["checks"].size(), 3U);
  EXPECT_EQ(json["checks"][1]["status"], "WARN");
  EXPECT_EQ(json["checks"][1]["name"], "target time zone");
  EXPECT_EQ(json["checks"][1]["message"], "not UTC");
  EXPECT_EQ(json["checks"][1]["remedy"], "set timezone = 'UTC' for the role");
  EXPECT_EQ(nlohmann::json::parse(check_json({}))["passed"], true);
}

}  // namespace
}  // namespace mighost
