#include "financial_controls.cpp"

#include <gtest/gtest.h>

#include <mighost/testing.hpp>

namespace financial_controls {
namespace {

using mig::testing::bench;
using mig::testing::number;

bench controls() { return bench{mighost_plugin_v1()}; }

constexpr mig::timestamptz monday{1'000'000}, tuesday{2'000'000};

TEST(Discounts, WindowBeginsBeforeItEnds) {
  const auto got = controls().check<discounts>({
      {"percentage", number("10"), monday, tuesday},
      {"percentage", number("10"), monday, monday},
      {"percentage", number("10"), tuesday, monday},
      {"percentage", number("10"), tuesday, std::nullopt},
      {"percentage", number("10"), std::nullopt, monday},
  });
  ASSERT_TRUE(got.clean());
  for (const std::size_t row : {0u, 1u, 3u, 4u}) EXPECT_FALSE(got.noted(row, "discount_window"));
  EXPECT_TRUE(got.noted(2, "discount_window"));
  EXPECT_TRUE(got.written(2)) << "odd, but the laboratory has such discounts";
  EXPECT_EQ(got.column(2, "discount_window"), "valid_until");
}

TEST(Discounts, PercentageIsThereAndInRange) {
  const auto got = controls().check<discounts>({{"percentage", number("0")},
                                                {"percentage", number("100.00")},
                                                {"percentage", number("100.01")},
                                                {"percentage", number("-0.01")},
                                                {"percentage", std::nullopt},
                                                {"fixed_amount", std::nullopt}});
  ASSERT_TRUE(got.clean());
  for (const std::size_t row : {0u, 1u, 5u}) EXPECT_TRUE(got.written(row)) << row;
  for (const std::size_t row : {2u, 3u, 4u}) {
    EXPECT_TRUE(got.rejected(row, "discount_percent")) << row;
  }
}

TEST(Taxes, ANegativeTaxIsRejectedAndANegativePriceNoted) {
  const auto got = controls().check<taxes>({{number("10.00"), number("0.70")},
                                            {number("0"), number("0")},
                                            {std::nullopt, std::nullopt},
                                            {number("10.00"), number("-0.01")},
                                            {number("-10.00"), number("0")}});
  ASSERT_TRUE(got.clean());
  for (const std::size_t row : {0u, 1u, 2u}) EXPECT_TRUE(got.written(row)) << row;
  EXPECT_TRUE(got.rejected(3, "tax_negative"));
  EXPECT_TRUE(got.noted(4, "subtotal_negative"));
}

TEST(Controls, WhatOnlySqlCanSeeIsDeclared) {
  const mig_plugin& plugin = *mighost_plugin_v1();
  ASSERT_EQ(plugin.n_validators, 3u);
  const mig_validator &of_taxes = *plugin.validators[1], &of_refunds = *plugin.validators[2];
  ASSERT_EQ(of_taxes.n_totals, 1u);
  EXPECT_EQ(mig::detail::view(of_taxes.totals[0]->name), "invoiced");
  ASSERT_EQ(of_refunds.n_assertions, 1u);
  EXPECT_EQ(of_refunds.assertions[0]->severity, MIG_NOTE) << "the laboratory keeps such refunds";
}

}  // namespace
}  // namespace financial_controls
