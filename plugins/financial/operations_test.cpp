#include "financial_test.hpp"

namespace financial::tests {
namespace {

legacy_operation good_operation() {
  return {.id = 4,
          .payment_id = 900,
          .type = 1,
          .patient_id = 31,
          .attempts = 2,
          .made_at = at("2025-03-04T05:06:07Z"),
          .price = number("1100.00"),
          .sq_order_id = "sq-o",
          .sq_payment_id = "sq-p",
          .card_brand = "BRAND",
          .card_bin = "411111",
          .card_last = "1234",
          .office_card = false};
}

mig::testing::bench operations_bench() {
  return financial_bench().knows("financial.payments", 900).knows("business.cases", 31);
}

outcome run_operation(const legacy_operation& row) {
  return operations_bench().run<operations>({row});
}

TEST(Operations, CarriesEverything) {
  const outcome got = run_operation(good_operation());
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(codes_of(got), codes{});
  const auto& row = got.row(0);
  EXPECT_EQ(row.uuid("payment_id"), key_of("financial.payments", 900));
  EXPECT_EQ(row.uuid("case_id"), key_of("business.cases", 31));
  EXPECT_EQ(row.text("operation_type"), "payment");
  EXPECT_EQ(row.numeric_text("amount"), "1100.00");
  EXPECT_EQ(row.integer("legacy_operation_id"), 4);
  EXPECT_EQ(row.json("operation_data"),
            R"({"made_at":")" + at("2025-03-04T05:06:07Z").to_text() +
                R"(","sq_order_id":"sq-o","sq_payment_id":"sq-p","sq_refund_id":null,)"
                R"("card_brand":"BRAND","card_bin":"411111","card_last":"1234",)"
                R"("office_card":false,"attempts":2})");
  EXPECT_EQ(row.json("metadata"), R"({"legacy_type":1})");
}

TEST(Operations, TypeCodes) {
  legacy_operation row = good_operation();
  row.type = 2;
  EXPECT_EQ(run_operation(row).row(0).text("operation_type"), "refund");
  for (const std::int64_t type : {0, 3, -1}) {
    row.type = type;
    const outcome got = run_operation(row);
    EXPECT_TRUE(got.rejected(0, "unknown_enum")) << type;
    EXPECT_EQ(got.column(0, "unknown_enum"), "type");
    EXPECT_EQ(got.detail(0, "unknown_enum"), std::to_string(type));
  }
}

TEST(Operations, TheSettingGivesCodesAnotherWord) {
  auto bench =
      operations_bench().setting("operation_type.3", "refund").setting("operation_type.1", "");
  legacy_operation row = good_operation();
  EXPECT_TRUE(bench.run<operations>({row}).rejected(0, "unknown_enum"));
  row.type = 3;
  const outcome got = bench.run<operations>({row});
  EXPECT_EQ(got.row(0).text("operation_type"), "refund");
  EXPECT_EQ(got.row(0).json("metadata"), R"({"legacy_type":3})");
}

TEST(Operations, ASettingThatCannotBeMeantEndsTheRun) {
  const std::pair<std::string_view, std::string_view> wrong[] = {
      {"operation_type.3", "chargeback"},
      {"operation_type.three", "refund"},
      {"operation_null_type", "chargeback"}};
  for (const auto& [name, word] : wrong) {
    const outcome got = operations_bench().setting(name, word).run<operations>({good_operation()});
    EXPECT_EQ(got.status, MIG_FAILED) << name;
    EXPECT_NE(got.error.find(name.substr(0, name.find('.'))), std::string::npos) << got.error;
  }
}

TEST(Operations, WithoutATypeItIsNotGuessed) {
  legacy_operation row = good_operation();
  row.type = std::nullopt;
  const outcome got = run_operation(row);
  EXPECT_TRUE(got.rejected(0, "operation_type_missing"));
  EXPECT_EQ(got.column(0, "operation_type_missing"), "type");
}

TEST(Operations, WithoutATypeTheSettingDecides) {
  legacy_operation row = good_operation();
  row.type = std::nullopt;
  for (const char* word : {"payment", "refund"}) {
    const outcome got =
        operations_bench().setting("operation_null_type", word).run<operations>({row});
    EXPECT_EQ(got.row(0).text("operation_type"), word);
    EXPECT_EQ(codes_of(got), codes{"operation_type_assumed"});
    EXPECT_EQ(got.row(0).json("metadata"), R"({"legacy_type":null,"derived":["operation_type"]})");
  }
}

TEST(Operations, TheSignStaysAsItIs) {
  for (const char* price : {"-50.00", "50.00", "0.00"}) {
    legacy_operation row = good_operation();
    row.type = 2;
    row.price = number(price);
    EXPECT_EQ(run_operation(row).row(0).numeric_text("amount"), price);
  }
  legacy_operation row = good_operation();
  row.price = std::nullopt;
  EXPECT_TRUE(run_operation(row).row(0).is_null("amount"));
}

TEST(Operations, ThePaymentDecides) {
  legacy_operation row = good_operation();
  row.payment_id = 901;
  EXPECT_TRUE(run_operation(row).rejected(0, "missing_parent"));
  const outcome got =
      financial_bench().holds_back("financial.payments", 900).run<operations>({good_operation()});
  EXPECT_TRUE(got.parked(0));
  EXPECT_EQ(codes_of(got), codes{"waits_for_parent"});
}

TEST(Operations, TheTypeDecidesBeforeThePayment) {
  legacy_operation row = good_operation();
  row.payment_id = 901;
  row.type = 9;
  EXPECT_EQ(codes_of(run_operation(row)), codes{"unknown_enum"});
  row.type = std::nullopt;
  EXPECT_EQ(codes_of(run_operation(row)), codes{"operation_type_missing"});
}

TEST(Operations, TheCaseMayBeMissing) {
  legacy_operation row = good_operation();
  row.patient_id = std::nullopt;
  EXPECT_EQ(codes_of(run_operation(row)), codes{});
  EXPECT_TRUE(run_operation(row).row(0).is_null("case_id"));
  row.patient_id = 32;
  const outcome got = run_operation(row);
  EXPECT_EQ(codes_of(got), codes{"missing_parent"});
  EXPECT_TRUE(got.row(0).is_null("case_id"));
}

TEST(Operations, NoFindingQuotesTheCard) {
  legacy_operation untyped = good_operation(), unknown = good_operation(),
                   orphan = good_operation(), caseless = good_operation(),
                   endless = good_operation();
  untyped.type = std::nullopt;
  unknown.type = 9;
  orphan.payment_id = 901;
  caseless.patient_id = 32;
  endless.price = not_a_number();
  const outcome got =
      operations_bench().run<operations>({untyped, unknown, orphan, caseless, endless});
  EXPECT_EQ(got.findings.size(), 5u);
  for (const auto& finding : got.findings) {
    for (const char* secret : {"sq-", "BRAND", "411111", "1234", "1100"}) {
      EXPECT_EQ(finding.detail.find(secret), std::string::npos) << finding.code;
    }
  }
}

}  // namespace
}  // namespace financial::tests
