#include "core_test.hpp"

namespace core::tests {
namespace {

legacy_doctor good_doctor() {
  return {.user_id = 42,
          .account_id = 42,
          .is_active = true,
          .date_joined = at("2015-11-17T23:30:00Z"),
          .in_doctor_group = true,
          .today = day("2025-11-17")};
}

auto doctors_bench() { return core_bench().knows("core.profiles", 42).knows("core.offices", 5); }

outcome run_doctor(const legacy_doctor& row) { return doctors_bench().run<doctors>({row}); }

TEST(Doctors, WithoutSettings) {
  const outcome got = run_doctor(good_doctor());
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(codes_of(got), codes{});
  const auto& row = got.row(0);
  EXPECT_EQ(row.uuid("profile_id"), key_of("core.profiles", 42));
  EXPECT_EQ(row.text("doctor_number"), "DOC-000042");
  EXPECT_EQ(row.text("specialty"), "orthodontics");
  EXPECT_EQ(row.text("status"), "active");
  EXPECT_EQ(row.integer("years_experience"), 10);
  EXPECT_TRUE(row.is_null("primary_office_id"));
  EXPECT_EQ(row.timestamp("joined_practice_at"), at("2015-11-17T23:30:00Z"));
  EXPECT_EQ(row.json("payment_terms"), "{}");
  EXPECT_EQ(row.json("metadata"), R"({"in_doctor_group":true,"derived":["years_experience"]})");
  EXPECT_EQ(row.integer("legacy_user_id"), 42);
  EXPECT_EQ(row.integer("legacy_doctor_id"), 42);
}

TEST(Doctors, WithSettings) {
  legacy_doctor row = good_doctor();
  row.in_doctor_group = false;
  row.setting_id = 3;
  row.credit = number("12.50");
  row.installment_payments = true;
  row.promised_payment = false;
  row.tier_type = 2;
  row.tier_finish = day("2026-01-31");
  row.clinical_preferences = "none";
  row.baa_agreed_at = at("2020-01-01T00:00:00Z");
  row.eula_agreed_at = at("2020-01-02T00:00:00Z");
  row.company_account = false;
  row.sq_customer_id = "SQ9";
  const outcome got = run_doctor(row);
  EXPECT_EQ(got.row(0).json("payment_terms"),
            R"({"credit":"12.50","installment_payments":true,"promised_payment":false,)"
            R"("tier_type":2,"tier_finish":"2026-01-31"})");
  EXPECT_EQ(got.row(0).json("metadata"),
            R"({"in_doctor_group":false,"clinical_preferences":"none",)"
            R"("baa_agreed_at":"2020-01-01T00:00:00Z","eula_agreed_at":"2020-01-02T00:00:00Z",)"
            R"("company_account":false,"square_customer_id":"SQ9",)"
            R"("derived":["years_experience"]})");
}

TEST(Doctors, WhatIsNotSetIsLeftOut) {
  legacy_doctor row = good_doctor();
  row.setting_id = 3;
  row.credit = number("0");
  row.installment_payments = false;
  row.promised_payment = false;
  row.clinical_preferences = " ";
  row.company_account = true;
  row.sq_customer_id = "";
  const outcome got = run_doctor(row);
  EXPECT_EQ(got.row(0).json("payment_terms"),
            R"({"credit":"0","installment_payments":false,"promised_payment":false,)"
            R"("tier_type":null,"tier_finish":null})");
  EXPECT_EQ(got.row(0).json("metadata"),
            R"({"in_doctor_group":true,"company_account":true,"derived":["years_experience"]})");
}

TEST(Doctors, NumbersHaveAtLeastSixDigits) {
  legacy_doctor row = good_doctor();
  row.user_id = row.account_id.emplace() = 1234567;
  const outcome got = core_bench().knows("core.profiles", 1234567).run<doctors>({row});
  EXPECT_EQ(got.row(0).text("doctor_number"), "DOC-1234567");
}

TEST(Doctors, YearsAreWholeAndNeverNegative) {
  const std::pair<std::string_view, std::int64_t> joined[] = {
      {"2015-11-18T00:00:00Z", 9}, {"2024-11-18T00:00:00Z", 0}, {"2030-01-01T00:00:00Z", 0}};
  for (const auto& [date_joined, years] : joined) {
    legacy_doctor row = good_doctor();
    row.date_joined = at(date_joined);
    EXPECT_EQ(run_doctor(row).row(0).integer("years_experience"), years);
  }
}

TEST(Doctors, StatusFollowsTheAccount) {
  legacy_doctor row = good_doctor();
  row.is_active = false;
  EXPECT_EQ(run_doctor(row).row(0).text("status"), "inactive");
}

TEST(Doctors, AUserWhoIsGoneIsAMissingParent) {
  const outcome got = core_bench().run<doctors>({{.user_id = 99, .today = day("2025-11-17")}});
  EXPECT_TRUE(got.rejected(0, "missing_parent"));
  EXPECT_EQ(codes_of(got), codes{"missing_parent"});
}

TEST(Doctors, AProfileThatIsHeldBackParksTheDoctor) {
  legacy_doctor row = good_doctor();
  row.primary_office_id = 77;
  const outcome got = core_bench().holds_back("core.profiles", 42).run<doctors>({row});
  EXPECT_TRUE(got.parked(0));
  EXPECT_EQ(codes_of(got), codes{"waits_for_parent"});
}

TEST(Doctors, ThePrimaryOfficeMayBeMissing) {
  legacy_doctor row = good_doctor();
  row.primary_office_id = 5;
  EXPECT_EQ(run_doctor(row).row(0).uuid("primary_office_id"), key_of("core.offices", 5));
  row.primary_office_id = 6;
  for (const bool held_back : {false, true}) {
    auto bench = doctors_bench();
    if (held_back) bench.holds_back("core.offices", 6);
    const outcome got = bench.run<doctors>({row});
    EXPECT_TRUE(got.row(0).is_null("primary_office_id"));
    EXPECT_EQ(codes_of(got), codes{"missing_parent"});
  }
}

TEST(DoctorOffices, LinksBoth) {
  const outcome got = core_bench()
                          .knows("core.doctors", 42)
                          .knows("core.offices", 5)
                          .knows("core.offices", 6)
                          .run<doctor_offices>({{.user_id = 42, .office_id = 5, .is_primary = true},
                                                {.user_id = 42, .office_id = 6}});
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(got.row(0).uuid("doctor_id"), key_of("core.doctors", 42));
  EXPECT_EQ(got.row(0).uuid("office_id"), key_of("core.offices", 5));
  EXPECT_TRUE(got.row(0).boolean("is_primary"));
  EXPECT_FALSE(got.row(1).boolean("is_primary"));
  EXPECT_TRUE(got.row(1).boolean("is_active"));
}

TEST(DoctorOffices, EitherParentCanBeMissing) {
  const outcome got = core_bench()
                          .knows("core.doctors", 42)
                          .holds_back("core.doctors", 43)
                          .knows("core.offices", 5)
                          .holds_back("core.offices", 6)
                          .run<doctor_offices>({{.user_id = 41, .office_id = 6},
                                                {.user_id = 43, .office_id = 5},
                                                {.user_id = 42, .office_id = 7},
                                                {.user_id = 42, .office_id = 6}});
  EXPECT_TRUE(got.rejected(0, "missing_parent"));
  EXPECT_TRUE(got.parked(1));
  EXPECT_TRUE(got.rejected(2, "missing_parent"));
  EXPECT_EQ(got.column(2, "missing_parent"), "office_id");
  EXPECT_TRUE(got.parked(3));
  EXPECT_EQ(got.findings.size(), 4u);
}

TEST(DoctorOffices, BothQueriesChooseThePrimaryOfficeAlike) {
  for (const std::string_view query : {doctors::source.query, doctor_offices::source.query}) {
    EXPECT_TRUE(query.ends_with(primary_offices));
  }
}

}  // namespace
}  // namespace core::tests
