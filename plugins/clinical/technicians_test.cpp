#include "clinical_test.hpp"

namespace clinical::tests {
namespace {

legacy_technician good_technician() {
  return {.user_id = 11,
          .account_id = 11,
          .first_name = " Ada  M ",
          .last_name = "Example",
          .email = " Ada@Lab.Example.ORG ",
          .is_active = true,
          .role_id = 5,
          .role_abbrev = " MT "};
}

outcome run_technician(const legacy_technician& row) {
  return clinical_bench().knows("core.profiles", 11).run<technicians>({row});
}

TEST(Technicians, CarriesEverything) {
  const outcome got = run_technician(good_technician());
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(codes_of(got), codes{});
  const auto& row = got.row(0);
  EXPECT_EQ(row.uuid("profile_id"), key_of("core.profiles", 11));
  EXPECT_EQ(row.text("first_name"), "Ada M");
  EXPECT_EQ(row.text("last_name"), "Example");
  EXPECT_EQ(row.text("email"), "ada@lab.example.org");
  EXPECT_EQ(row.text("specialty"), "manufacturing");
  EXPECT_TRUE(row.boolean("is_active"));
  EXPECT_EQ(row.text("status"), "active");
  EXPECT_EQ(row.text("employee_id"), "EMP-11");
  EXPECT_EQ(row.integer("legacy_user_id"), 11);
  EXPECT_EQ(row.integer("legacy_technician_id"), 11);
  EXPECT_EQ(row.json("metadata"), R"({"role_id":5})");
}

TEST(Technicians, WithoutARoleTheSpecialtyIsNotKnown) {
  legacy_technician row = good_technician();
  row.role_id = std::nullopt;
  row.role_abbrev = std::nullopt;
  row.is_active = false;
  outcome got = run_technician(row);
  EXPECT_TRUE(got.row(0).is_null("specialty"));
  EXPECT_FALSE(got.row(0).boolean("is_active"));
  EXPECT_EQ(got.row(0).text("status"), "inactive");
  EXPECT_EQ(got.row(0).json("metadata"), R"({"role_id":null})");
  EXPECT_EQ(codes_of(got), codes{});
  row.role_id = 6;
  row.role_abbrev = "Stefan";
  got = run_technician(row);
  EXPECT_TRUE(got.row(0).is_null("specialty"));
  EXPECT_EQ(codes_of(got), codes{});
}

TEST(Technicians, MissingNames) {
  legacy_technician row = good_technician();
  row.first_name = "None";
  outcome got = run_technician(row);
  EXPECT_EQ(got.row(0).text("first_name"), "Unknown");
  EXPECT_EQ(got.row(0).text("last_name"), "Example");
  EXPECT_EQ(codes_of(got), codes{"name_missing"});
  EXPECT_EQ(got.row(0).json("metadata"), R"({"role_id":5,"name_missing":true})");
  row.last_name = std::nullopt;
  got = run_technician(row);
  EXPECT_EQ(got.row(0).text("last_name"), "Unknown");
  EXPECT_EQ(codes_of(got), codes{"name_missing"});
}

TEST(Technicians, EmailsAreValidOrNull) {
  legacy_technician row = good_technician();
  row.email = "";
  outcome got = run_technician(row);
  EXPECT_TRUE(got.row(0).is_null("email"));
  EXPECT_EQ(codes_of(got), codes{});
  row.email = "o'hara@example";
  got = run_technician(row);
  EXPECT_TRUE(got.row(0).is_null("email"));
  EXPECT_EQ(codes_of(got), codes{"email_invalid"});
}

TEST(Technicians, TheProfileMustBeThere) {
  EXPECT_TRUE(clinical_bench().run<technicians>({good_technician()}).rejected(0, "missing_parent"));
  EXPECT_TRUE(clinical_bench()
                  .holds_back("core.profiles", 11)
                  .run<technicians>({good_technician()})
                  .parked(0));
  legacy_technician gone = good_technician();
  gone.account_id = std::nullopt;
  EXPECT_TRUE(run_technician(gone).rejected(0, "missing_parent"));
}

legacy_technician_role good_role() {
  return {.id = 4,
          .name = " Design lead ",
          .abbrev = " DT-1 ",
          .type = 1,
          .order = 2,
          .user_id = 11,
          .group_id = 99,
          .is_technician = true};
}

outcome run_role(const legacy_technician_role& row) {
  return clinical_bench().knows("clinical.technicians", 11).run<technician_roles>({row});
}

TEST(TechnicianRoles, CarriesEverything) {
  const outcome got = run_role(good_role());
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(codes_of(got), codes{});
  const auto& row = got.row(0);
  EXPECT_EQ(row.uuid("technician_id"), key_of("clinical.technicians", 11));
  EXPECT_EQ(row.text("role_type"), "designing");
  EXPECT_EQ(row.text("role_name"), "Design lead");
  EXPECT_EQ(row.text("abbreviation"), "DT-1");
  EXPECT_EQ(row.integer("legacy_role_id"), 4);
  EXPECT_EQ(row.json("metadata"), R"({"type":1,"order":2,"user_id":11,"group_id":99})");
}

TEST(TechnicianRoles, TheAbbreviationTellsTheType) {
  const std::pair<maybe_text, std::string_view> abbreviations[] = {
      {"DT", "designing"},         {"dt2", "designing"},     {"DT 1", "designing"},
      {"MT", "manufacturing"},     {"ST", "sectioning"},     {"IDB", "sectioning"},
      {"St-A", "sectioning"},      {"RT", "remote"},         {"DTR", "remote"},
      {"RMT", "remote"},           {"Supervisor", "master"}, {" Insp ", "quality_control"},
      {"Insp.", "quality_control"}};
  for (const auto& [abbreviation, type] : abbreviations) {
    legacy_technician_role role = good_role();
    role.abbrev = abbreviation;
    const outcome got = run_role(role);
    EXPECT_EQ(text_or_null(got.row(0), "role_type"), type) << *abbreviation;
    EXPECT_EQ(codes_of(got), codes{});
  }
}

TEST(TechnicianRoles, NothingElseDoes) {
  for (const maybe_text abbreviation :
       {maybe_text{}, maybe_text{""}, maybe_text{"None"}, maybe_text{"Stefan"}, maybe_text{"DTX"},
        maybe_text{"1ST"}, maybe_text{"D T"}, maybe_text{"Master"}}) {
    legacy_technician_role role = good_role();
    role.abbrev = abbreviation;
    role.name = "DT sectioning Supervisor";  // the name does not count
    const outcome got = run_role(role);
    EXPECT_TRUE(got.row(0).is_null("role_type")) << abbreviation.value_or("NULL");
    EXPECT_EQ(codes_of(got), codes{"unclassified"});
  }
}

TEST(TechnicianRoles, NobodyIsAttachedWhomTheRoleDoesNotName) {
  legacy_technician_role role = good_role();
  role.user_id = std::nullopt;
  outcome got = run_role(role);
  EXPECT_TRUE(got.row(0).is_null("technician_id"));
  EXPECT_EQ(codes_of(got), codes{});
  role.user_id = 12;  // no technician
  got = run_role(role);
  EXPECT_TRUE(got.row(0).is_null("technician_id"));
  EXPECT_EQ(codes_of(got), codes{"missing_parent"});
}

TEST(TechnicianRoles, WithoutANameTheNumberStands) {
  legacy_technician_role role = good_role();
  role.name = " null ";
  const outcome got = run_role(role);
  EXPECT_EQ(got.row(0).text("role_name"), "Role 4");
  EXPECT_EQ(codes_of(got), codes{"name_missing"});
}

}  // namespace
}  // namespace clinical::tests
