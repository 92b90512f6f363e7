#include "clinical_test.hpp"

namespace clinical::tests {
namespace {

const mig::uuid project_uid = mig::uuid::parse("6ba7b810-9dad-11d1-80b4-00c04fd430c8").value();

legacy_project good_project() {
  return {.id = 135,
          .uid = project_uid,
          .created_at = at("2024-02-03T04:05:06Z"),
          .name = "  Case  A ",
          .size = 123456789012,
          .is_public = true,
          .type = 3,
          .status = 0,
          .creator_id = 42};
}

mig::testing::bench projects_bench() { return clinical_bench().knows("core.profiles", 42); }

outcome run_project(const legacy_project& row) { return projects_bench().run<projects>({row}); }

TEST(Projects, CarriesEverything) {
  const outcome got = run_project(good_project());
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(codes_of(got), codes{});
  const auto& row = got.row(0);
  EXPECT_EQ(row.text("name"), "Case  A");
  EXPECT_EQ(row.text("project_type"), "treatment_plan");
  EXPECT_EQ(row.text("status"), "draft");
  EXPECT_EQ(row.uuid("creator_id"), key_of("core.profiles", 42));
  EXPECT_EQ(row.uuid("file_uid"), project_uid);
  EXPECT_EQ(row.integer("file_size_bytes"), 123456789012);
  EXPECT_TRUE(row.boolean("is_public"));
  EXPECT_EQ(row.timestamp("created_at"), at("2024-02-03T04:05:06Z"));
  EXPECT_EQ(row.integer("legacy_project_id"), 135);
  EXPECT_EQ(row.json("metadata"), R"({"type":3})");
}

TEST(Projects, TypeCodes) {
  const std::pair<std::int64_t, std::string_view> known[] = {
      {0, "stl_upper"}, {3, "treatment_plan"}, {10, "simulation"}, {11, "aligner_design"}};
  for (const auto& [code, word] : known) {
    legacy_project project = good_project();
    project.type = code;
    const outcome got = run_project(project);
    EXPECT_EQ(got.row(0).text("project_type"), word);
    EXPECT_EQ(codes_of(got), codes{});
  }
}

TEST(Projects, ATypeThatNobodyKnowsIsOther) {
  const std::pair<std::optional<std::int64_t>, std::string_view> unknown[] = {
      {1, R"({"type":1})"}, {-3, R"({"type":-3})"}, {std::nullopt, R"({"type":null})"}};
  for (const auto& [code, metadata] : unknown) {
    legacy_project project = good_project();
    project.type = code;
    const outcome got = run_project(project);
    EXPECT_EQ(got.row(0).text("project_type"), "other");
    EXPECT_EQ(codes_of(got), codes{"unknown_type"});
    EXPECT_EQ(got.row(0).json("metadata"), metadata);
  }
}

TEST(Projects, SettingsExplainTypesAndStatuses) {
  auto bench = projects_bench()
                   .setting("project_type.0", "scan")
                   .setting("project_type.11", "")
                   .setting("project_status.1", "review");
  legacy_project project = good_project();
  project.type = 0;
  project.status = 1;
  outcome got = bench.run<projects>({project});
  EXPECT_EQ(got.row(0).text("project_type"), "scan");
  EXPECT_EQ(got.row(0).text("status"), "review");
  EXPECT_EQ(codes_of(got), codes{});
  project.type = 11;
  got = bench.run<projects>({project});
  EXPECT_EQ(got.row(0).text("project_type"), "other");
  EXPECT_EQ(codes_of(got), codes{"unknown_type"});
  expect_refused(projects_bench().setting("project_type.1", "sketch").run<projects>({project}),
                 "project_type");
  expect_refused(projects_bench().setting("project_status.1", "open").run<projects>({project}),
                 "project_status");
}

TEST(Projects, StatusCodes) {
  legacy_project project = good_project();
  project.status = 2;
  EXPECT_EQ(run_project(project).row(0).text("status"), "completed");
  const std::optional<std::int64_t> unknown[] = {1, 3, -1, std::nullopt};
  for (const auto& code : unknown) {
    project.status = code;
    project.creator_id = std::nullopt;  // decides later
    project.type = 99;
    const outcome got = run_project(project);
    EXPECT_TRUE(got.rejected(0, "unknown_enum"));
    EXPECT_EQ(codes_of(got), codes{"unknown_enum"});
    EXPECT_EQ(got.column(0, "unknown_enum"), "status");
  }
}

TEST(Projects, NobodyIsMadeUpAsTheCreator) {
  legacy_project project = good_project();
  project.creator_id = std::nullopt;
  project.name = "";
  for (const auto& bench : {projects_bench(), projects_bench().setting("system_user", 0)}) {
    const outcome got = bench.run<projects>({project});
    EXPECT_TRUE(got.rejected(0, "creator_missing"));
    EXPECT_EQ(codes_of(got), codes{"creator_missing"});
  }
}

TEST(Projects, ADeclaredUserStandsForAMissingCreator) {
  auto bench = projects_bench().knows("core.profiles", 7).setting("system_user", 7);
  legacy_project project = good_project();
  project.creator_id = std::nullopt;
  const outcome got = bench.run<projects>({project, good_project()});
  EXPECT_EQ(got.row(0).uuid("creator_id"), key_of("core.profiles", 7));
  EXPECT_EQ(codes_of(got), codes{"creator_system"});
  EXPECT_EQ(got.row(0).json("metadata"), R"({"type":3,"derived":["creator_id"]})");
  EXPECT_EQ(got.row(1).uuid("creator_id"), key_of("core.profiles", 42));
  EXPECT_EQ(got.row(1).json("metadata"), R"({"type":3})");
}

TEST(Projects, TheStandInMustHaveAProfile) {
  legacy_project project = good_project();
  project.creator_id = std::nullopt;
  const outcome got = projects_bench().setting("system_user", 7).run<projects>({project});
  EXPECT_TRUE(got.rejected(0, "missing_parent"));
  EXPECT_EQ(codes_of(got), codes{"missing_parent"});
  expect_refused(projects_bench().setting("system_user", -7).run<projects>({project}),
                 "system_user");
}

TEST(Projects, ACreatorWhoIsGoneIsNotReplaced) {
  auto bench = clinical_bench().knows("core.profiles", 7).setting("system_user", 7);
  EXPECT_TRUE(bench.run<projects>({good_project()}).rejected(0, "missing_parent"));
  EXPECT_TRUE(bench.holds_back("core.profiles", 42).run<projects>({good_project()}).parked(0));
}

TEST(Projects, WithoutANameTheNumberStands) {
  for (const maybe_text name :
       {maybe_text{}, maybe_text{""}, maybe_text{" "}, maybe_text{"None"}}) {
    legacy_project project = good_project();
    project.name = name;
    const outcome got = run_project(project);
    EXPECT_EQ(got.row(0).text("name"), "Project 135");
    EXPECT_EQ(codes_of(got), codes{"name_missing"});
  }
}

TEST(Projects, SizesAreKeptZeroIsNotNull) {
  legacy_project project = good_project();
  project.size = 0;
  EXPECT_EQ(run_project(project).row(0).integer("file_size_bytes"), 0);
  project.size = std::nullopt;
  outcome got = run_project(project);
  EXPECT_TRUE(got.row(0).is_null("file_size_bytes"));
  EXPECT_EQ(codes_of(got), codes{});
  project.size = -1;
  got = run_project(project);
  EXPECT_TRUE(got.row(0).is_null("file_size_bytes"));
  EXPECT_EQ(codes_of(got), codes{"size_invalid"});
  EXPECT_EQ(got.row(0).json("metadata"), R"({"type":3,"size":-1})");
}

}  // namespace
}  // namespace clinical::tests
