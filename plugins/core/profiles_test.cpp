#include "core_test.hpp"

namespace core::tests {
namespace {

legacy_user good_user() {
  return {.id = 7,
          .username = "ann",
          .first_name = "Ann",
          .last_name = "Lee",
          .email = "ann@clinic.example.org",
          .is_active = true,
          .date_joined = at("2015-03-01T10:00:00Z"),
          .last_login = at("2025-01-02T03:04:05Z"),
          .groups = {"[]"},
          .today = day("2025-11-17")};
}

legacy_user patients_account() {
  legacy_user row = good_user();
  row.patient_id = 31;
  row.sex = 2;
  row.birthdate = day("1990-05-06");
  row.suffix = "00BB";
  row.archived = false;
  row.suspended = false;
  row.in_patient_group = true;
  row.groups = {R"(["Patient"])"};
  return row;
}

outcome run_user(const legacy_user& row) { return core_bench().run<profiles>({row}); }

TEST(Profiles, CarriesAPatient) {
  const outcome got = run_user(patients_account());
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(codes_of(got), codes{});
  const auto& row = got.row(0);
  EXPECT_EQ(row.text("profile_type"), "patient");
  EXPECT_EQ(row.text("first_name"), "Ann");
  EXPECT_EQ(row.text("last_name"), "Lee");
  EXPECT_EQ(row.text("email"), "ann@clinic.example.org");
  EXPECT_EQ(row.text("gender"), "female");
  EXPECT_EQ(row.date("date_of_birth"), day("1990-05-06"));
  EXPECT_EQ(row.text("username"), "ann");
  EXPECT_EQ(row.text("patient_suffix"), "00BB");
  EXPECT_TRUE(row.boolean("is_active"));
  EXPECT_FALSE(row.boolean("is_verified"));
  EXPECT_FALSE(row.boolean("archived"));
  EXPECT_FALSE(row.boolean("suspended"));
  EXPECT_EQ(row.timestamp("last_login_at"), at("2025-01-02T03:04:05Z"));
  EXPECT_EQ(row.integer("legacy_user_id"), 7);
  EXPECT_EQ(row.integer("legacy_patient_id"), 31);
  EXPECT_EQ(row.json("metadata"), R"({"groups":["Patient"],"date_joined":"2015-03-01T10:00:00Z",)"
                                  R"("is_staff":false,"is_superuser":false})");
}

TEST(Profiles, NobodyButAPatientHasWhatPatientsHave) {
  const outcome got = run_user(good_user());
  const auto& row = got.row(0);
  EXPECT_EQ(row.text("profile_type"), "client");
  EXPECT_EQ(row.text("gender"), "unknown");
  EXPECT_TRUE(row.is_null("date_of_birth"));
  EXPECT_TRUE(row.is_null("patient_suffix"));
  EXPECT_TRUE(row.is_null("legacy_patient_id"));
  EXPECT_FALSE(row.boolean("archived"));
  EXPECT_FALSE(row.boolean("suspended"));
  EXPECT_EQ(codes_of(got), codes{});
}

TEST(Profiles, ThePatientIsArchivedOrSuspended) {
  legacy_user row = patients_account();
  row.archived = true;
  row.suspended = true;
  const outcome got = run_user(row);
  EXPECT_TRUE(got.row(0).boolean("archived"));
  EXPECT_TRUE(got.row(0).boolean("suspended"));
}

TEST(Profiles, TheFirstTypeThatHoldsWins) {
  legacy_user row = good_user();
  row.is_staff = true;
  EXPECT_EQ(run_user(row).row(0).text("profile_type"), "admin");
  row.is_sales = true;
  EXPECT_EQ(run_user(row).row(0).text("profile_type"), "sales_person");
  row.is_superuser = true;
  EXPECT_EQ(run_user(row).row(0).text("profile_type"), "admin");
  row.is_superuser = false;
  row.is_administrator = true;
  EXPECT_EQ(run_user(row).row(0).text("profile_type"), "admin");
  row.is_master = true;
  EXPECT_EQ(run_user(row).row(0).text("profile_type"), "master");
  row.is_doctor = true;
  EXPECT_EQ(run_user(row).row(0).text("profile_type"), "doctor");
  row.is_technician = true;
  EXPECT_EQ(run_user(row).row(0).text("profile_type"), "technician");
  row.patient_id = 31;
  EXPECT_EQ(run_user(row).row(0).text("profile_type"), "patient");
}

TEST(Profiles, AMemberOfPatientWithoutARecordIsNoted) {
  legacy_user row = good_user();
  row.in_patient_group = true;
  outcome got = run_user(row);
  EXPECT_EQ(got.row(0).text("profile_type"), "client");
  EXPECT_EQ(codes_of(got), codes{"patient_record_missing"});
  row.is_doctor = true;
  got = run_user(row);
  EXPECT_EQ(got.row(0).text("profile_type"), "doctor");
  EXPECT_EQ(codes_of(got), codes{"patient_record_missing"});
}

TEST(Profiles, GenderCodes) {
  const std::pair<std::optional<std::int64_t>, std::string_view> sexes[] = {
      {1, "male"}, {2, "female"}, {0, "other"}, {std::nullopt, "unknown"}};
  for (const auto& [sex, gender] : sexes) {
    legacy_user row = patients_account();
    row.sex = sex;
    EXPECT_EQ(run_user(row).row(0).text("gender"), gender);
  }
  for (const std::int64_t sex : {-1, 3, 9}) {
    legacy_user row = patients_account();
    row.sex = sex;
    row.first_name = "";  // a rejected row has no notes
    const outcome got = run_user(row);
    EXPECT_TRUE(got.rejected(0, "unknown_enum"));
    EXPECT_EQ(codes_of(got), codes{"unknown_enum"});
    EXPECT_EQ(got.detail(0, "unknown_enum"), std::to_string(sex));
  }
}

TEST(Profiles, MissingNamesAreUnknownAndNotedOnce) {
  const maybe_text empty[] = {{}, "", "  ", "null", "None", "NULL"};
  for (const maybe_text name : empty) {
    legacy_user row = good_user();
    row.first_name = name;
    row.last_name = name;
    const outcome got = run_user(row);
    EXPECT_EQ(got.row(0).text("first_name"), "Unknown");
    EXPECT_EQ(got.row(0).text("last_name"), "Unknown");
    EXPECT_EQ(codes_of(got), codes{"name_missing"});
    EXPECT_NE(got.row(0).json("metadata").find(R"("name_missing":true)"), std::string::npos);
  }
}

TEST(Profiles, OneMissingNameIsEnough) {
  legacy_user row = good_user();
  row.last_name = "none";
  const outcome got = run_user(row);
  EXPECT_EQ(got.row(0).text("first_name"), "Ann");
  EXPECT_EQ(got.row(0).text("last_name"), "Unknown");
  EXPECT_EQ(got.column(0, "name_missing"), "last_name");
}

TEST(Profiles, NamesAreTrimmedAndCollapsed) {
  legacy_user row = good_user();
  row.first_name =
      "\xE3\x80\x80"
      "Anna  Maria ";
  row.last_name = "Nullmann";
  const outcome got = run_user(row);
  EXPECT_EQ(got.row(0).text("first_name"), "Anna Maria");
  EXPECT_EQ(got.row(0).text("last_name"), "Nullmann");
  EXPECT_EQ(codes_of(got), codes{});
}

TEST(Profiles, EmailsAreLowerCaseOrNull) {
  const example emails[] = {{" Ann@Clinic.Example.ORG ", "ann@clinic.example.org"},
                            {"a.b_c%d+e-f@x-y.z.museum", "a.b_c%d+e-f@x-y.z.museum"},
                            {{}, "NULL"},
                            {"", "NULL"},
                            {" ", "NULL"},
                            {"None", "NULL"}};
  for (const example& each : emails) {
    legacy_user row = good_user();
    row.email = each.given;
    const outcome got = run_user(row);
    EXPECT_EQ(text_or_null(got.row(0), "email"), each.expected);
    EXPECT_EQ(codes_of(got), codes{});
  }
}

TEST(Profiles, MalformedEmailsAreLeftOutAndNoted) {
  for (const char* email :
       {"ann", "@example.org", "ann@", "ann@example", "ann@example.o", "ann@example.o1",
        "o'hara@example.org", "ann lee@example.org", "ann@@example.org", "ann@exa_mple.org",
        "ann@.org", "ann@example.org.", "\xC3\xA4nn@example.org"}) {
    legacy_user row = good_user();
    row.email = email;
    const outcome got = run_user(row);
    EXPECT_TRUE(got.row(0).is_null("email")) << email;
    EXPECT_EQ(codes_of(got), codes{"email_invalid"}) << email;
  }
}

bool is_test(const outcome& got) {
  return got.row(0).json("metadata").find(R"("is_test":true)") != std::string::npos;
}

TEST(Profiles, TestAccountsAreMarked) {
  for (const char* email : {"a@lab.example.org", "a@DEV.example.org", "a@demo.example.org"}) {
    legacy_user row = good_user();
    row.email = email;
    EXPECT_TRUE(is_test(run_user(row))) << email;
  }
  for (const char* email : {"a@example.org", "a@sub.lab.example.org", "lab.example.org", ""}) {
    legacy_user row = good_user();
    row.email = email;
    EXPECT_FALSE(is_test(run_user(row))) << email;
  }
}

TEST(Profiles, TheSettingNamesTheTestDomains) {
  legacy_user row = good_user();
  auto with_setting = core_bench().setting("test_email_domains", {"Clinic.example.org"});
  EXPECT_TRUE(is_test(with_setting.run<profiles>({row})));
  row.email = "a@lab.example.org";
  EXPECT_FALSE(is_test(with_setting.run<profiles>({row})));
}

TEST(Profiles, ATestDomainIsADomain) {
  for (const char* wrong : {"", "@", "a@lab.example.org", "lab example.org"}) {
    const outcome got =
        core_bench().setting("test_email_domains", {wrong}).run<profiles>({good_user()});
    EXPECT_EQ(got.status, MIG_FAILED) << wrong;
    EXPECT_NE(got.error.find("test_email_domains"), std::string::npos) << wrong;
  }
}

TEST(Profiles, BirthDatesHaveLimits) {
  for (const char* birthdate : {"1900-01-01", "2025-11-17", "1990-05-06"}) {
    legacy_user row = patients_account();
    row.birthdate = day(birthdate);
    const outcome got = run_user(row);
    EXPECT_EQ(got.row(0).date("date_of_birth"), day(birthdate));
    EXPECT_EQ(codes_of(got), codes{});
  }
  for (const char* birthdate :
       {"1899-12-31", "2025-11-18", "infinity", "-infinity", "0205-01-01"}) {
    legacy_user row = patients_account();
    row.birthdate = day(birthdate);
    const outcome got = run_user(row);
    EXPECT_TRUE(got.row(0).is_null("date_of_birth"));
    EXPECT_EQ(codes_of(got), codes{"birthdate_range"}) << birthdate;
  }
}

TEST(Profiles, PatientsWithoutASuffixAreNoted) {
  for (const maybe_text suffix : {maybe_text{}, maybe_text{""}, maybe_text{"  "}}) {
    legacy_user row = patients_account();
    row.suffix = suffix;
    const outcome got = run_user(row);
    EXPECT_TRUE(got.row(0).is_null("patient_suffix"));
    EXPECT_EQ(codes_of(got), codes{"suffix_missing"});
  }
  legacy_user row = patients_account();
  row.suffix = " 00BB ";
  EXPECT_EQ(run_user(row).row(0).text("patient_suffix"), "00BB");
}

TEST(Profiles, NoLoginIsNoLogin) {
  legacy_user row = good_user();
  row.last_login = std::nullopt;
  EXPECT_TRUE(run_user(row).row(0).is_null("last_login_at"));
}

}  // namespace
}  // namespace core::tests
