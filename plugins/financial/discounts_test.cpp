#include "financial_test.hpp"

namespace financial::tests {
namespace {

constexpr std::string_view first_day = "2024-01-01T00:00:00Z";
constexpr std::string_view last_day = "2024-12-31T00:00:00Z";

legacy_discount good_discount() {
  return {.id = 7,
          .percent = number("50.00"),
          .reason = " academic ",
          .count = 10,
          .used = 3,
          .start = at(first_day),
          .finish = at(last_day),
          .total = true,
          .offer_id = 12};
}

outcome run_discount(const legacy_discount& row) {
  return financial_bench().knows("financial.offers", 12).run<discounts>({row});
}

TEST(Discounts, CarriesEverything) {
  const outcome got = run_discount(good_discount());
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(codes_of(got), codes{});
  const auto& row = got.row(0);
  EXPECT_EQ(row.uuid("offer_id"), key_of("financial.offers", 12));
  EXPECT_EQ(row.text("name"), "academic");
  EXPECT_EQ(row.text("code"), "LEGACY7");
  EXPECT_EQ(row.text("discount_type"), "percentage");
  EXPECT_EQ(row.numeric_text("percentage"), "50.00");
  EXPECT_EQ(row.timestamp("valid_from"), at(first_day));
  EXPECT_EQ(row.timestamp("valid_until"), at(last_day));
  EXPECT_EQ(row.integer("max_uses"), 10);
  EXPECT_EQ(row.integer("current_uses"), 3);
  EXPECT_EQ(row.integer("legacy_discount_id"), 7);
  EXPECT_EQ(row.json("metadata"), R"({"reason":" academic ","total":true})");
}

TEST(Discounts, WithoutAReasonThePercentageIsTheName) {
  const std::pair<std::string_view, std::string_view> names[] = {
      {"50.00", "Discount 50%"},   {"12.50", "Discount 12.5%"}, {"100", "Discount 100%"},
      {"0.05", "Discount 0.05%"},  {"0", "Discount 0%"},        {"0.00", "Discount 0%"},
      {"33.33", "Discount 33.33%"}};
  for (const auto& [percent, name] : names) {
    legacy_discount row = good_discount();
    row.percent = number(percent);
    for (const maybe_text reason : {maybe_text{}, maybe_text{" "}, maybe_text{"None"}}) {
      row.reason = reason;
      const outcome got = run_discount(row);
      EXPECT_EQ(got.row(0).text("name"), name);
      EXPECT_EQ(codes_of(got), codes{"name_missing"});
    }
  }
}

TEST(Discounts, PercentRange) {
  for (const char* percent : {"0", "0.00", "13", "100", "100.00", "12.345"}) {
    legacy_discount row = good_discount();
    row.percent = number(percent);
    EXPECT_EQ(run_discount(row).row(0).numeric_text("percentage"), percent);
  }
  for (const char* percent : {"-0.01", "-50", "100.01", "1000"}) {
    legacy_discount row = good_discount();
    row.percent = number(percent);
    const outcome got = run_discount(row);
    EXPECT_TRUE(got.rejected(0, "percent_range")) << percent;
    EXPECT_EQ(got.column(0, "percent_range"), "percent");
  }
  legacy_discount row = good_discount();
  row.percent = not_a_number();
  EXPECT_TRUE(run_discount(row).rejected(0, "percent_range"));
}

TEST(Discounts, OddWindowsAndCountersAreNoted) {
  legacy_discount row = good_discount();
  std::swap(row.start, row.finish);
  outcome got = run_discount(row);
  EXPECT_EQ(codes_of(got), codes{"window_inverted"});
  EXPECT_EQ(got.row(0).timestamp("valid_from"), at(last_day));
  EXPECT_EQ(got.row(0).timestamp("valid_until"), at(first_day));
  row = good_discount();
  row.used = 11;
  got = run_discount(row);
  EXPECT_EQ(codes_of(got), codes{"overused"});
  EXPECT_EQ(got.row(0).integer("current_uses"), 11);
}

TEST(Discounts, WhatIsEqualOrUnknownIsNotOdd) {
  legacy_discount row = good_discount();
  row.finish = row.start;
  row.used = row.count;
  EXPECT_EQ(codes_of(run_discount(row)), codes{});
  row.finish = std::nullopt;
  row.count = std::nullopt;
  row.total = std::nullopt;
  const outcome got = run_discount(row);
  EXPECT_EQ(codes_of(got), codes{});
  EXPECT_TRUE(got.row(0).is_null("valid_until"));
  EXPECT_TRUE(got.row(0).is_null("max_uses"));
  EXPECT_EQ(got.row(0).json("metadata"), R"({"reason":" academic ","total":null})");
}

TEST(Discounts, OfNoOfferDoesNotGo) {
  legacy_discount row = good_discount();
  row.offer_id = std::nullopt;
  EXPECT_TRUE(run_discount(row).rejected(0, "missing_parent"));
  row.offer_id = 13;
  row.reason = std::nullopt;
  row.used = 11;
  EXPECT_EQ(codes_of(run_discount(row)), codes{"missing_parent"});
  const outcome got =
      financial_bench().holds_back("financial.offers", 12).run<discounts>({good_discount()});
  EXPECT_TRUE(got.parked(0));
  EXPECT_EQ(codes_of(got), codes{"waits_for_parent"});
}

TEST(Discounts, TheRangeDecidesBeforeTheParent) {
  legacy_discount row = good_discount();
  row.percent = number("150");
  row.offer_id = std::nullopt;
  EXPECT_EQ(codes_of(run_discount(row)), codes{"percent_range"});
}

}  // namespace
}  // namespace financial::tests
