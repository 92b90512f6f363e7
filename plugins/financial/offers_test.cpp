#include "financial_test.hpp"

namespace financial::tests {
namespace {

legacy_offer good_offer() {
  return {.id = 12,
          .price_both = number("1200.00"),
          .price_upper = number("700.5"),
          .price_lower = number("650"),
          .doctor_id = 42,
          .product_id = 3};
}

mig::testing::bench offers_bench() {
  return financial_bench().knows("core.doctors", 42).knows("core.products", 3);
}

outcome run_offer(const legacy_offer& row) { return offers_bench().run<offers>({row}); }

constexpr std::string_view good_metadata =
    R"({"legacy_doctor_id":42,"legacy_product_id":3,"derived":["offer_amount","description"]})";

TEST(Offers, CarriesEverything) {
  const outcome got = run_offer(good_offer());
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(codes_of(got), codes{});
  const auto& row = got.row(0);
  EXPECT_EQ(row.uuid("doctor_id"), key_of("core.doctors", 42));
  EXPECT_EQ(row.uuid("product_id"), key_of("core.products", 3));
  EXPECT_EQ(row.numeric_text("offer_amount"), "1200.00");
  EXPECT_EQ(row.numeric_text("price_both"), "1200.00");
  EXPECT_EQ(row.numeric_text("price_upper"), "700.5");
  EXPECT_EQ(row.numeric_text("price_lower"), "650");
  EXPECT_EQ(row.text("description"), "both 1200.00, upper 700.5, lower 650");
  EXPECT_EQ(row.integer("legacy_offer_id"), 12);
  EXPECT_EQ(row.json("metadata"), good_metadata);
}

TEST(Offers, TheAmountIsTheGreatestPriceThereIs) {
  struct prices {
    std::string_view both, upper, lower, greatest;
  };
  for (const prices& each :
       {prices{"1", "2", "3", "3"}, prices{"", "2", "1", "2"}, prices{"", "", "0.00", "0.00"},
        prices{"", "", "", "NULL"}, prices{"-5", "-4.99", "", "-4.99"},
        prices{"-1", "0", "-2", "0"}, prices{"999.999", "1000", "999.99", "1000"},
        prices{"9.9", "10", "", "10"}}) {
    legacy_offer row = good_offer();
    row.price_both = amount(each.both);
    row.price_upper = amount(each.upper);
    row.price_lower = amount(each.lower);
    const outcome got = run_offer(row);
    EXPECT_EQ(amount_of(got.row(0), "offer_amount"), each.greatest);
  }
}

TEST(Offers, ADescriptionOfThePricesThereAre) {
  legacy_offer row = good_offer();
  row.price_both = std::nullopt;
  EXPECT_EQ(text_or_null(run_offer(row).row(0), "description"), "upper 700.5, lower 650");
  row.price_upper = std::nullopt;
  row.price_lower = number("0.00");
  EXPECT_EQ(text_or_null(run_offer(row).row(0), "description"), "lower 0.00");
}

TEST(Offers, WithoutPricesNothingIsDerived) {
  legacy_offer row = good_offer();
  row.price_both = row.price_upper = row.price_lower = std::nullopt;
  const outcome got = run_offer(row);
  EXPECT_EQ(codes_of(got), codes{});
  EXPECT_TRUE(got.row(0).is_null("description"));
  EXPECT_EQ(got.row(0).json("metadata"), R"({"legacy_doctor_id":42,"legacy_product_id":3})");
}

TEST(Offers, AnOfferOfNobodyGoesAllTheSame) {
  legacy_offer row = good_offer();
  row.doctor_id = std::nullopt;
  outcome got = run_offer(row);
  EXPECT_EQ(codes_of(got), codes{"doctor_missing"});
  EXPECT_TRUE(got.row(0).is_null("doctor_id"));
  row.doctor_id = 43;
  got = run_offer(row);
  EXPECT_EQ(codes_of(got), codes{"missing_parent"});
  EXPECT_TRUE(got.row(0).is_null("doctor_id"));
  EXPECT_EQ(got.row(0).json("metadata"), R"({"legacy_doctor_id":43,"legacy_product_id":3,)"
                                         R"("derived":["offer_amount","description"]})");
}

TEST(Offers, ParentsHeldBackAreNull) {
  const outcome got = financial_bench()
                          .holds_back("core.doctors", 42)
                          .holds_back("core.products", 3)
                          .run<offers>({good_offer()});
  EXPECT_EQ(codes_of(got), (codes{"missing_parent", "missing_parent"}));
  EXPECT_TRUE(got.row(0).is_null("doctor_id"));
  EXPECT_TRUE(got.row(0).is_null("product_id"));
}

TEST(Offers, MoreDecimalsAreTheHostsBusiness) {
  legacy_offer row = good_offer();
  row.price_both = number("1200.005");
  EXPECT_EQ(run_offer(row).row(0).numeric_text("price_both"), "1200.005");
}

TEST(Offers, AnAmountThatIsNoNumberDoesNotGo) {
  legacy_offer row = good_offer();
  row.price_lower = not_a_number();
  const outcome got = run_offer(row);
  EXPECT_TRUE(got.rejected(0, "amount_invalid"));
  EXPECT_EQ(got.column(0, "amount_invalid"), "price_lower");
}

TEST(Offers, OneRowDoesNotReachTheNext) {
  legacy_offer bare{.id = 13, .doctor_id = 42, .product_id = 3};
  const outcome got = offers_bench().run<offers>({good_offer(), bare, good_offer()});
  EXPECT_TRUE(got.row(1).is_null("description"));
  EXPECT_EQ(got.row(2).json("metadata"), good_metadata);
  EXPECT_EQ(got.row(2).text("description"), "both 1200.00, upper 700.5, lower 650");
}

}  // namespace
}  // namespace financial::tests
