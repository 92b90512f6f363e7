#include "core_test.hpp"

namespace core::tests {
namespace {

legacy_patient good_patient() {
  return {.id = 31,
          .user_id = 7,
          .doctor_id = 42,
          .office_id = 5,
          .birthdate = day("1990-05-06"),
          .sex = 1,
          .suffix = "00BB",
          .status = 4,
          .submitted_at = at("2024-02-03T04:05:06Z"),
          .schemes = R"({"a": 1})",
          .today = day("2025-11-17")};
}

auto patients_bench() {
  return core_bench().knows("core.profiles", 7).knows("core.doctors", 42).knows("core.offices", 5);
}

outcome run_patient(const legacy_patient& row) { return patients_bench().run<patients>({row}); }

TEST(Patients, CarriesEverything) {
  const outcome got = run_patient(good_patient());
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(codes_of(got), codes{});
  const auto& row = got.row(0);
  EXPECT_EQ(row.uuid("profile_id"), key_of("core.profiles", 7));
  EXPECT_EQ(row.uuid("primary_doctor_id"), key_of("core.doctors", 42));
  EXPECT_EQ(row.uuid("assigned_office_id"), key_of("core.offices", 5));
  EXPECT_EQ(row.text("patient_number"), "PAT-000031");
  EXPECT_EQ(row.text("suffix"), "00BB");
  EXPECT_EQ(row.text("sex"), "male");
  EXPECT_EQ(row.date("date_of_birth"), day("1990-05-06"));
  EXPECT_EQ(row.text("status"), "active");
  EXPECT_EQ(row.json("schemes"), R"({"a": 1})");
  EXPECT_EQ(row.timestamp("enrolled_at"), at("2024-02-03T04:05:06Z"));
  EXPECT_EQ(row.integer("legacy_patient_id"), 31);
  EXPECT_EQ(row.integer("legacy_user_id"), 7);
  EXPECT_EQ(row.integer("legacy_doctor_id"), 42);
  EXPECT_EQ(row.json("metadata"), R"({"status_code":4})");
}

TEST(Patients, NumbersHaveAtLeastSixDigits) {
  legacy_patient row = good_patient();
  row.id = 5230001;
  EXPECT_EQ(run_patient(row).row(0).text("patient_number"), "PAT-5230001");
}

TEST(Patients, ArchivedComesBeforeSuspended) {
  legacy_patient row = good_patient();
  row.suspended = true;
  EXPECT_EQ(run_patient(row).row(0).text("status"), "inactive");
  EXPECT_TRUE(run_patient(row).row(0).boolean("suspended"));
  row.archived = true;
  EXPECT_EQ(run_patient(row).row(0).text("status"), "archived");
  EXPECT_TRUE(run_patient(row).row(0).boolean("archived"));
}

TEST(Patients, AbsentValuesStayNull) {
  legacy_patient row = good_patient();
  row.doctor_id = row.office_id = row.sex = row.status = std::nullopt;
  row.birthdate = std::nullopt;
  row.submitted_at = std::nullopt;
  row.suffix = " ";
  const outcome got = run_patient(row);
  EXPECT_EQ(codes_of(got), codes{});  // NULL keys give NULL silently, and no note for the suffix
  for (const char* column : {"primary_doctor_id", "assigned_office_id", "suffix", "date_of_birth",
                             "enrolled_at", "legacy_doctor_id"}) {
    EXPECT_TRUE(got.row(0).is_null(column)) << column;
  }
  EXPECT_EQ(got.row(0).text("sex"), "unknown");
  EXPECT_EQ(got.row(0).json("metadata"), R"({"status_code":null})");
}

TEST(Patients, LinksThatLeadNowhereAreNullAndNoted) {
  legacy_patient row = good_patient();
  row.doctor_id = 99;
  row.office_id = 98;
  const outcome got = patients_bench().holds_back("core.offices", 98).run<patients>({row});
  EXPECT_TRUE(got.row(0).is_null("primary_doctor_id"));
  EXPECT_TRUE(got.row(0).is_null("assigned_office_id"));
  EXPECT_EQ(got.row(0).integer("legacy_doctor_id"), 99);
  EXPECT_EQ(codes_of(got), (codes{"missing_parent", "missing_parent"}));
}

TEST(Patients, TheProfileMustBeThere) {
  legacy_patient row = good_patient();
  row.schemes = "{'a'}";  // a row that is held back has no notes
  outcome got = core_bench().run<patients>({row});
  EXPECT_TRUE(got.rejected(0, "missing_parent"));
  EXPECT_EQ(codes_of(got), codes{"missing_parent"});
  got = core_bench().holds_back("core.profiles", 7).run<patients>({row});
  EXPECT_TRUE(got.parked(0));
  EXPECT_EQ(codes_of(got), codes{"waits_for_parent"});
}

TEST(Patients, AnUnknownSexDecidesBeforeTheProfile) {
  legacy_patient row = good_patient();
  row.sex = 3;
  const outcome got = core_bench().holds_back("core.profiles", 7).run<patients>({row});
  EXPECT_TRUE(got.rejected(0, "unknown_enum"));
  EXPECT_EQ(codes_of(got), codes{"unknown_enum"});
}

TEST(Patients, BirthDatesHaveLimits) {
  legacy_patient row = good_patient();
  row.birthdate = day("1899-12-31");
  EXPECT_EQ(codes_of(run_patient(row)), codes{"birthdate_range"});
  EXPECT_TRUE(run_patient(row).row(0).is_null("date_of_birth"));
  row.birthdate = row.today;
  EXPECT_EQ(codes_of(run_patient(row)), codes{});
}

struct json_example {
  maybe_text given;
  std::string_view expected;
  codes notes;
};

TEST(Patients, JsonTexts) {
  const json_example examples[] = {
      {{}, "{}", {}},
      {"", "{}", {}},
      {"[1, 2]", "[1, 2]", {}},
      {" null ", " null ", {}},
      {R"({"a":"x\u0000y"})", R"({"a":"x\ufffdy"})", {"nul_replaced"}},
      {R"({"a":"x\\u0000y"})", R"({"a":"x\\u0000y"})", {}},
      {"{'a': None}", R"({"_raw":"{'a': None}"})", {"json_invalid"}},
      {R"({"a":)", R"({"_raw":"{\"a\":"})", {"json_invalid"}},
      {R"({"a":"\u0000")", R"({"_raw":"{\"a\":\"\\u0000\""})", {"json_invalid"}},
      {R"("\ud800")", R"({"_raw":"\"\\ud800\""})", {"json_invalid"}},
      {" ", R"({"_raw":" "})", {"json_invalid"}},
      {"none", R"({"_raw":"none"})", {"json_invalid"}},
  };
  for (const json_example& each : examples) {
    legacy_patient row = good_patient();
    row.schemes = each.given;
    const outcome got = run_patient(row);
    EXPECT_EQ(got.row(0).json("schemes"), each.expected);
    EXPECT_EQ(codes_of(got), each.notes) << each.expected;
  }
}

TEST(PatientLinks, NeedAllThree) {
  auto bench = core_bench()
                   .knows("core.patients", 1)
                   .knows("core.doctors", 42)
                   .knows("core.offices", 5)
                   .holds_back("core.patients", 2)
                   .holds_back("core.offices", 6);
  const outcome got = bench.run<patients_doctors_offices>({
      {.id = 1, .doctor_id = 42, .office_id = 5},
      {.id = 2, .doctor_id = 42, .office_id = 5},
      {.id = 3, .doctor_id = 42, .office_id = 5},
      {.id = 1, .doctor_id = 43, .office_id = 6},
      {.id = 1, .doctor_id = 42, .office_id = 6},
  });
  EXPECT_EQ(got.row(0).uuid("patient_id"), key_of("core.patients", 1));
  EXPECT_EQ(got.row(0).uuid("doctor_id"), key_of("core.doctors", 42));
  EXPECT_EQ(got.row(0).uuid("office_id"), key_of("core.offices", 5));
  EXPECT_TRUE(got.parked(1));
  EXPECT_TRUE(got.rejected(2, "missing_parent"));
  EXPECT_TRUE(got.rejected(3, "missing_parent"));
  EXPECT_TRUE(got.parked(4));
}

TEST(PatientLinks, IncompleteOnesAreFilteredByDeclaration) {
  ASSERT_EQ(std::size(patients_doctors_offices::filters), 1u);
  EXPECT_EQ(patients_doctors_offices::filters[0].code, "link_incomplete");
  EXPECT_EQ(patients_doctors_offices::filters[0].where,
            "doctor_id is not null and office_id is not null");
  EXPECT_TRUE(patients_doctors_offices::projection);
}

}  // namespace
}  // namespace core::tests
