#include "financial_test.hpp"

namespace financial::tests {
namespace {

/// A numeric column that the handler computes, as its exact text.
std::string total_of(const outcome& got) { return amount_of(got.row(0), "total_amount"); }

legacy_purchase good_purchase() {
  return {.id = 6, .quantity = 3, .order_id = 77, .product_id = 3, .price = number("19.99")};
}

outcome run_purchase(const legacy_purchase& row) {
  return financial_bench().knows("core.products", 3).run<purchases>({row});
}

TEST(Purchases, CarriesEverything) {
  const outcome got = run_purchase(good_purchase());
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(codes_of(got), codes{});
  const auto& row = got.row(0);
  EXPECT_EQ(row.uuid("product_id"), key_of("core.products", 3));
  EXPECT_EQ(row.integer("quantity"), 3);
  EXPECT_EQ(row.numeric_text("unit_price"), "19.99");
  EXPECT_EQ(row.numeric_text("total_amount"), "59.97");
  EXPECT_EQ(row.integer("legacy_purchase_id"), 6);
  EXPECT_EQ(row.json("metadata"), R"({"basket_id":77,"legacy_product_id":3})");
}

TEST(Purchases, TotalsAreExact) {
  struct line {
    std::int64_t quantity;
    std::string_view price, total;
  };
  for (const line& each :
       {line{10, "0.10", "1.00"}, line{0, "19.99", "0.00"}, line{-2, "5.25", "-10.50"},
        line{1, "0.005", "0.005"}, line{2147483647, "99999999.99", "214748364678525163.53"}}) {
    legacy_purchase row = good_purchase();
    row.quantity = each.quantity;
    row.price = number(each.price);
    const outcome got = run_purchase(row);
    EXPECT_EQ(total_of(got), each.total);
    EXPECT_EQ(got.row(0).numeric_text("unit_price"), each.price);
  }
}

TEST(Purchases, WithoutAPriceThereIsNoTotal) {
  legacy_purchase row = good_purchase();
  row.price = std::nullopt;
  const outcome got = run_purchase(row);
  EXPECT_EQ(codes_of(got), codes{});
  EXPECT_TRUE(got.row(0).is_null("unit_price"));
  EXPECT_TRUE(got.row(0).is_null("total_amount"));
}

TEST(Purchases, WithoutAQuantityItDoesNotGo) {
  legacy_purchase row = good_purchase();
  row.quantity = std::nullopt;
  row.product_id = 4;
  const outcome got = run_purchase(row);
  EXPECT_TRUE(got.rejected(0, "quantity_missing"));
  EXPECT_EQ(codes_of(got), codes{"quantity_missing"});
}

TEST(Purchases, TheProductMayBeMissing) {
  legacy_purchase row = good_purchase();
  row.product_id = std::nullopt;
  row.order_id = std::nullopt;
  outcome got = run_purchase(row);
  EXPECT_EQ(codes_of(got), codes{});
  EXPECT_TRUE(got.row(0).is_null("product_id"));
  EXPECT_EQ(got.row(0).json("metadata"), R"({"basket_id":null,"legacy_product_id":null})");
  row.product_id = 4;
  got = run_purchase(row);
  EXPECT_EQ(codes_of(got), codes{"missing_parent"});
  EXPECT_TRUE(got.row(0).is_null("product_id"));
}

TEST(Purchases, WhatExactArithmeticCannotHoldDoesNotGo) {
  legacy_purchase row = good_purchase();
  row.price = not_a_number();
  EXPECT_TRUE(run_purchase(row).rejected(0, "amount_invalid"));
  row.price = number("99999999999999999999999999999999999.99");
  row.quantity = 100000;
  EXPECT_TRUE(run_purchase(row).rejected(0, "amount_invalid"));
}

}  // namespace
}  // namespace financial::tests
