#include "business_test.hpp"

namespace business::tests {
namespace {

legacy_case good_case() {
  return {.id = 31,
          .doctor_id = 42,
          .office_id = 5,
          .status = 4,
          .suffix = " 00BB ",
          .submitted_at = noon};
}

mig::testing::bench cases_bench() {
  return business_bench()
      .knows("core.patients", 31)
      .knows("core.doctors", 42)
      .knows("core.offices", 5);
}

outcome run_case(const legacy_case& row) { return cases_bench().run<cases>({row}); }

TEST(Cases, CarriesEverything) {
  const outcome got = run_case(good_case());
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(codes_of(got), codes{});
  const auto& row = got.row(0);
  EXPECT_EQ(row.uuid("patient_id"), key_of("core.patients", 31));
  EXPECT_EQ(row.uuid("primary_doctor_id"), key_of("core.doctors", 42));
  EXPECT_EQ(row.uuid("office_id"), key_of("core.offices", 5));
  EXPECT_EQ(row.text("case_number"), "CASE-00BB-31");
  EXPECT_EQ(row.text("status"), "active");
  EXPECT_FALSE(row.boolean("deleted"));
  EXPECT_EQ(row.integer("legacy_patient_id"), 31);
  EXPECT_EQ(row.json("metadata"), R"({"status_code":4,"submitted_at":"2025-03-04T12:00:00Z"})");
}

TEST(Cases, StatusCodes) {
  const std::string_view words[] = {"consultation", "diagnosis",   "treatment_plan", "active",
                                    "refinement",   "retention",   "completed",      "cancelled",
                                    "on_hold",      "transferred", "revision"};
  legacy_case row = good_case();
  for (std::size_t i = 0; i < std::size(words); ++i) {
    row.status = static_cast<std::int64_t>(i + 1);
    EXPECT_EQ(run_case(row).row(0).text("status"), words[i]);
  }
  for (const std::int64_t code : {-1, 0, 12}) {
    row.status = code;
    const outcome got = run_case(row);
    EXPECT_TRUE(got.rejected(0, "unknown_enum")) << code;
    EXPECT_EQ(got.column(0, "unknown_enum"), "status");
    EXPECT_EQ(got.detail(0, "unknown_enum"), std::to_string(code));
  }
  EXPECT_EQ(
      cases_bench().setting("case_status.12", "revision").run<cases>({row}).row(0).text("status"),
      "revision");
}

TEST(Cases, ANullStatusIsSaidAloudButOnlyOfWrittenRows) {
  legacy_case row = good_case();
  row.status = std::nullopt;
  row.submitted_at = std::nullopt;
  outcome got = run_case(row);
  EXPECT_EQ(got.row(0).text("status"), "consultation");
  EXPECT_EQ(codes_of(got), codes{"status_defaulted"});
  EXPECT_EQ(got.row(0).json("metadata"), R"({"status_code":null})");
  got = business_bench().run<cases>({row});
  EXPECT_TRUE(orphan(got, "patient_id"));
}

TEST(Cases, AnUnknownStatusDecidesBeforeThePatient) {
  legacy_case row = good_case();
  row.status = 99;
  EXPECT_EQ(codes_of(business_bench().run<cases>({row})), codes{"unknown_enum"});
}

TEST(Cases, NumbersNeedNoSuffixAndNobodyIsMadeUp) {
  legacy_case row = good_case();
  row.suffix = "None";
  row.doctor_id = 43;
  row.office_id = std::nullopt;
  const outcome got = run_case(row);
  EXPECT_EQ(got.row(0).text("case_number"), "CASE-NA-31");
  EXPECT_TRUE(got.row(0).is_null("primary_doctor_id"));
  EXPECT_TRUE(got.row(0).is_null("office_id"));
  EXPECT_EQ(codes_of(got), codes{"missing_parent"});
}

TEST(Cases, ArchivedOrSuspendedIsDeleted) {
  for (const auto& [archived, suspended] :
       {std::pair{true, false}, std::pair{false, true}, std::pair{true, true}}) {
    legacy_case row = good_case();
    row.archived = archived;
    row.suspended = suspended;
    EXPECT_TRUE(run_case(row).row(0).boolean("deleted"));
  }
}

TEST(OrderCases, NeedTheOrderFirst) {
  const legacy_order_case row{.id = 900, .patient_id = 31};
  auto bench = business_bench();
  EXPECT_TRUE(orphan(bench.run<order_cases>({row}), "order_id"));
  bench.holds_back("core.orders", 900);
  EXPECT_TRUE(bench.run<order_cases>({row}).parked(0));
  bench.knows("core.orders", 900);
  EXPECT_TRUE(orphan(bench.run<order_cases>({row}), "case_id"));
  bench.knows("business.cases", 31);
  const outcome got = bench.run<order_cases>({row});
  EXPECT_EQ(got.row(0).uuid("order_id"), key_of("core.orders", 900));
  EXPECT_EQ(got.row(0).uuid("case_id"), key_of("business.cases", 31));
}

}  // namespace
}  // namespace business::tests
