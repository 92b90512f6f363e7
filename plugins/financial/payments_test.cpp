#include "financial_test.hpp"

namespace financial::tests {
namespace {

constexpr std::string_view made = "2025-03-04T05:06:07Z";

// 1000 + 82.5 + 20 - 2.5 = 1100
legacy_payment good_payment() {
  return {.id = 900,
          .made_at = at(made),
          .paid = true,
          .total_price = number("1100.00"),
          .subtotal_price = number("1000.00"),
          .tax_value = number("82.5000"),
          .additional_price = number("20"),
          .used_credit = number("2.50"),
          .paid_price = number("1100.00"),
          .tax_rate = number("8.2500"),
          .instruction_id = 77,
          .patient_id = 31,
          .doctor_id = 42,
          .office_id = 5,
          .installments = R"({"n":3})"};
}

mig::testing::bench payments_bench() {
  return financial_bench().knows("core.orders", 77).knows("core.patients", 31);
}

outcome run_payment(const legacy_payment& row) { return payments_bench().run<payments>({row}); }

TEST(Payments, CarriesEverything) {
  const outcome got = run_payment(good_payment());
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(codes_of(got), codes{});
  const auto& row = got.row(0);
  EXPECT_EQ(row.uuid("order_id"), key_of("core.orders", 77));
  EXPECT_EQ(row.uuid("patient_id"), key_of("core.patients", 31));
  EXPECT_EQ(row.numeric_text("amount"), "1100.00");
  EXPECT_EQ(row.numeric_text("subtotal_amount"), "1000.00");
  EXPECT_EQ(row.numeric_text("tax_amount"), "82.5000");
  EXPECT_EQ(row.text("status"), "completed");
  EXPECT_TRUE(row.is_null("payment_method"));
  EXPECT_EQ(row.timestamp("payment_date"), at(made));
  EXPECT_EQ(row.timestamp("processed_at"), at(made));
  EXPECT_EQ(row.integer("legacy_payment_id"), 900);
  EXPECT_EQ(row.integer("legacy_doctor_id"), 42);
  EXPECT_EQ(row.integer("legacy_office_id"), 5);
  EXPECT_EQ(row.integer("legacy_instruction_id"), 77);
  EXPECT_EQ(row.json("metadata"),
            R"({"paid_price":"1100.00","used_credit":"2.50","custom_price":null,)"
            R"("additional_price":"20","tax_rate":"8.2500","free":false,"netsuite":false,)"
            R"("canceled":false,"paid":true,"installments":{"n":3},"basket_id":null,)"
            R"("derived":["processed_at"]})");
}

TEST(Payments, StatusOfTheFlags) {
  struct flags {
    bool canceled, paid, free;
    std::string_view status;
  };
  for (const flags& each :
       {flags{false, false, false, "pending"}, flags{false, true, false, "completed"},
        flags{false, false, true, "completed"}, flags{false, true, true, "completed"},
        flags{true, false, false, "cancelled"}, flags{true, true, false, "cancelled"},
        flags{true, false, true, "cancelled"}, flags{true, true, true, "cancelled"}}) {
    legacy_payment row = good_payment();
    row.canceled = each.canceled;
    row.paid = each.paid;
    row.free = each.free;
    const outcome got = run_payment(row);
    EXPECT_EQ(got.row(0).text("status"), each.status);
    EXPECT_EQ(got.row(0).is_null("processed_at"), each.status != "completed");
    EXPECT_EQ(got.row(0).timestamp("payment_date"), at(made));
  }
}

TEST(Payments, WithoutADateNothingIsDerived) {
  legacy_payment row = good_payment();
  row.made_at = std::nullopt;
  const outcome got = run_payment(row);
  EXPECT_EQ(codes_of(got), codes{});
  EXPECT_TRUE(got.row(0).is_null("payment_date"));
  EXPECT_TRUE(got.row(0).is_null("processed_at"));
  EXPECT_EQ(got.row(0).json("metadata").find("derived"), std::string::npos);
}

TEST(Payments, TheMethodIsKnownFromWhatExists) {
  legacy_payment row = good_payment();
  row.netsuite = true;
  EXPECT_EQ(run_payment(row).row(0).text("payment_method"), "other");
  row.has_operation = true;
  EXPECT_EQ(run_payment(row).row(0).text("payment_method"), "card");
  row.netsuite = false;
  EXPECT_EQ(run_payment(row).row(0).text("payment_method"), "card");
}

TEST(Payments, ConflictingFlagsAreNotedOnce) {
  legacy_payment row = good_payment();
  row.canceled = true;
  EXPECT_EQ(codes_of(run_payment(row)), codes{"flag_conflict"});
  row.free = true;
  EXPECT_EQ(codes_of(run_payment(row)), codes{"flag_conflict"});
  row.canceled = false;
  EXPECT_EQ(codes_of(run_payment(row)), codes{"flag_conflict"});
}

TEST(Payments, FreeWithoutAPriceIsNoConflict) {
  legacy_payment row = good_payment();
  row.free = true;
  row.subtotal_price = row.tax_value = row.additional_price = row.used_credit = std::nullopt;
  for (const maybe_amount price : {maybe_amount{}, amount("0"), amount("0.00")}) {
    row.total_price = price;
    EXPECT_EQ(codes_of(run_payment(row)), codes{});
  }
}

struct sums {
  std::string_view total, subtotal, tax, additional, credit;
};

outcome run_sums(const sums& each) {
  legacy_payment row = good_payment();
  row.total_price = amount(each.total);
  row.subtotal_price = amount(each.subtotal);
  row.tax_value = amount(each.tax);
  row.additional_price = amount(each.additional);
  row.used_credit = amount(each.credit);
  return run_payment(row);
}

TEST(Payments, TotalsThatAddUp) {
  for (const sums& each :
       {sums{"0.3", "0.1", "0.2", "", ""}, sums{"10", "10.00", "0.0000", "0", "0"},
        sums{"0", "", "", "", ""}, sums{"-5.00", "", "", "", "5"}, sums{"", "10", "1", "", ""},
        sums{"1100", "1000", "82.5", "20", "2.5"}, sums{"", "", "", "", ""}}) {
    EXPECT_EQ(codes_of(run_sums(each)), codes{}) << each.total;
  }
}

TEST(Payments, TotalsThatDoNotAddUpAreNoted) {
  for (const sums& each : {sums{"0.31", "0.1", "0.2", "", ""}, sums{"10", "10", "0.0001", "", ""},
                           sums{"10", "", "", "", ""}, sums{"0", "10", "", "", ""},
                           sums{"10", "10", "", "", "1"}, sums{"12", "10", "", "1", ""}}) {
    const outcome got = run_sums(each);
    EXPECT_EQ(codes_of(got), codes{"inconsistent_total"}) << each.total;
    EXPECT_EQ(got.row(0).numeric_text("amount"), each.total);
  }
}

TEST(Payments, NullAndZeroAmountsStayApart) {
  outcome got = run_sums({"", "", "", "", ""});
  EXPECT_TRUE(got.row(0).is_null("amount"));
  EXPECT_TRUE(got.row(0).is_null("subtotal_amount"));
  EXPECT_TRUE(got.row(0).is_null("tax_amount"));
  got = run_sums({"0.00", "0", "0.0000", "", ""});
  EXPECT_EQ(got.row(0).numeric_text("amount"), "0.00");
  EXPECT_EQ(got.row(0).numeric_text("tax_amount"), "0.0000");
}

TEST(Payments, ABasketIsNoOrder) {
  legacy_payment row = good_payment();
  row.instruction_id = row.patient_id = std::nullopt;
  row.order_id = 77;  // the id of an instruction, too
  outcome got = run_payment(row);
  EXPECT_EQ(codes_of(got), codes{"basket_payment"});
  EXPECT_TRUE(got.row(0).is_null("order_id"));
  EXPECT_TRUE(got.row(0).is_null("patient_id"));
  EXPECT_TRUE(got.row(0).is_null("legacy_instruction_id"));
  EXPECT_NE(got.row(0).json("metadata").find(R"("basket_id":77)"), std::string::npos);
  row.order_id = std::nullopt;
  got = run_payment(row);
  EXPECT_EQ(codes_of(got), codes{"no_order"});
}

TEST(Payments, AnInstructionBesidesABasketIsTheOrder) {
  legacy_payment row = good_payment();
  row.order_id = 5;
  const outcome got = run_payment(row);
  EXPECT_EQ(codes_of(got), codes{});
  EXPECT_EQ(got.row(0).uuid("order_id"), key_of("core.orders", 77));
  EXPECT_NE(got.row(0).json("metadata").find(R"("basket_id":5)"), std::string::npos);
}

TEST(Payments, WithoutTheOrderTheMoneyGoesAllTheSame) {
  outcome got = financial_bench()
                    .holds_back("core.orders", 77)
                    .knows("core.patients", 31)
                    .run<payments>({good_payment()});
  EXPECT_EQ(codes_of(got), codes{"missing_parent"});
  EXPECT_TRUE(got.row(0).is_null("order_id"));
  EXPECT_EQ(got.row(0).uuid("patient_id"), key_of("core.patients", 31));
  EXPECT_EQ(got.row(0).integer("legacy_instruction_id"), 77);
  got = financial_bench().run<payments>({good_payment()});
  EXPECT_TRUE(got.written(0));
  EXPECT_EQ(codes_of(got), (codes{"missing_parent", "missing_parent"}));
}

TEST(Payments, AnUnknownInstructionHasNoPatient) {
  legacy_payment row = good_payment();
  row.instruction_id = 78;
  row.patient_id = std::nullopt;  // as the query's left join yields it
  const outcome got = run_payment(row);
  EXPECT_EQ(codes_of(got), codes{"missing_parent"});
  EXPECT_EQ(got.column(0, "missing_parent"), "order_id");
}

TEST(Payments, InstallmentsAreJson) {
  const auto installments = [](maybe_text text) {
    legacy_payment row = good_payment();
    row.installments = text;
    const outcome got = run_payment(row);
    return std::pair{codes_of(got), got.row(0).json("metadata")};
  };
  const auto holds = [](const std::string& metadata, std::string_view part) {
    return metadata.find(part) != std::string::npos;
  };
  for (const maybe_text text : {maybe_text{}, maybe_text{""}}) {
    const auto [found, metadata] = installments(text);
    EXPECT_EQ(found, codes{});
    EXPECT_TRUE(holds(metadata, R"("installments":{},)")) << metadata;
  }
  const auto [bad, wrapped] = installments("{'n': 3}");
  EXPECT_EQ(bad, codes{"json_invalid"});
  EXPECT_TRUE(holds(wrapped, R"("installments":{"_raw":"{'n': 3}"},)")) << wrapped;
  const auto [nul, mended] = installments(R"(["\u0000"])");
  EXPECT_EQ(nul, codes{"nul_replaced"});
  EXPECT_TRUE(holds(mended, R"("installments":["\ufffd"],)")) << mended;
}

TEST(Payments, AnAmountThatIsNoNumberDoesNotGo) {
  legacy_payment row = good_payment();
  row.used_credit = not_a_number();
  const outcome got = run_payment(row);
  EXPECT_TRUE(got.rejected(0, "amount_invalid"));
  EXPECT_EQ(got.column(0, "amount_invalid"), "used_credit");
}

TEST(Payments, OneRowDoesNotReachTheNext) {
  legacy_payment pending = good_payment();
  pending.paid = false;
  const outcome got = payments_bench().run<payments>({good_payment(), pending});
  EXPECT_EQ(got.row(1).json("metadata").find("derived"), std::string::npos);
}

}  // namespace
}  // namespace financial::tests
