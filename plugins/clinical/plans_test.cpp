#include "clinical_test.hpp"

namespace clinical::tests {
namespace {

legacy_plan good_plan() {
  return {.id = 528,
          .instruction_id = 31,
          .project_id = 135,
          .patient_id = 90,
          .doctor_id = 42,
          .notes = " as it is ",
          .name = " Second try ",
          .number = 3,
          .original = false};
}

mig::testing::bench plans_bench() {
  return clinical_bench()
      .knows("core.orders", 31)
      .knows("core.patients", 90)
      .knows("core.doctors", 42)
      .knows("clinical.projects", 135);
}

outcome run_plan(const legacy_plan& row) { return plans_bench().run<treatment_plans>({row}); }

TEST(TreatmentPlans, CarriesEverything) {
  const outcome got = run_plan(good_plan());
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(codes_of(got), codes{});
  const auto& row = got.row(0);
  EXPECT_EQ(row.uuid("order_id"), key_of("core.orders", 31));
  EXPECT_EQ(row.uuid("patient_id"), key_of("core.patients", 90));
  EXPECT_EQ(row.uuid("doctor_id"), key_of("core.doctors", 42));
  EXPECT_EQ(row.uuid("project_id"), key_of("clinical.projects", 135));
  EXPECT_EQ(row.integer("plan_number"), 3);
  EXPECT_EQ(row.text("plan_name"), "Second try");
  EXPECT_EQ(row.text("plan_notes"), " as it is ");
  EXPECT_FALSE(row.boolean("is_original"));
  EXPECT_EQ(row.text("treatment_type"), "revision");
  EXPECT_EQ(row.integer("revision_count"), 2);
  EXPECT_EQ(row.integer("legacy_plan_id"), 528);
  EXPECT_EQ(row.integer("legacy_instruction_id"), 31);
  EXPECT_EQ(row.json("metadata"), R"({"legacy_project_id":135})");
}

TEST(TreatmentPlans, NoRevisionCountIsNegative) {
  const std::pair<std::int64_t, std::int64_t> numbers[] = {
      {1, 0}, {2, 1}, {0, 0}, {-1, 0}, {-2147483648, 0}, {2147483647, 2147483646}};
  for (const auto& [number, revisions] : numbers) {
    legacy_plan plan = good_plan();
    plan.number = number;
    const outcome got = run_plan(plan);
    EXPECT_EQ(got.row(0).integer("plan_number"), number);
    EXPECT_EQ(got.row(0).integer("revision_count"), revisions);
  }
}

TEST(TreatmentPlans, WithoutANumber) {
  legacy_plan plan = good_plan();
  plan.number = std::nullopt;
  const outcome got = run_plan(plan);
  EXPECT_TRUE(got.row(0).is_null("plan_number"));
  EXPECT_EQ(got.row(0).integer("revision_count"), 0);
  EXPECT_EQ(codes_of(got), codes{});
}

TEST(TreatmentPlans, WithoutANameTheNumberStands) {
  for (const maybe_text name : {maybe_text{}, maybe_text{""}, maybe_text{" null "}}) {
    legacy_plan plan = good_plan();
    plan.name = name;
    outcome got = run_plan(plan);
    EXPECT_EQ(got.row(0).text("plan_name"), "Plan 3");
    EXPECT_EQ(codes_of(got), codes{"name_missing"});
    plan.number = std::nullopt;
    got = run_plan(plan);
    EXPECT_EQ(got.row(0).text("plan_name"), "Plan 528");
    EXPECT_EQ(codes_of(got), codes{"name_missing"});
  }
}

TEST(TreatmentPlans, OriginalOrRevisionOrNotKnown) {
  legacy_plan plan = good_plan();
  plan.original = true;
  plan.number = 1;
  outcome got = run_plan(plan);
  EXPECT_TRUE(got.row(0).boolean("is_original"));
  EXPECT_EQ(got.row(0).text("treatment_type"), "initial_treatment");
  plan.original = std::nullopt;
  plan.notes = std::nullopt;
  got = run_plan(plan);
  EXPECT_TRUE(got.row(0).is_null("is_original"));
  EXPECT_TRUE(got.row(0).is_null("treatment_type"));
  EXPECT_TRUE(got.row(0).is_null("plan_notes"));
}

TEST(TreatmentPlans, TheFirstMissingParentDecides) {
  legacy_plan plan = good_plan();
  plan.name = "";
  outcome got = clinical_bench().run<treatment_plans>({plan});
  EXPECT_TRUE(got.rejected(0, "missing_parent"));
  EXPECT_EQ(got.column(0, "missing_parent"), "order_id");
  EXPECT_EQ(codes_of(got), codes{"missing_parent"});
  auto bench = clinical_bench().knows("core.orders", 31);
  got = bench.run<treatment_plans>({plan});
  EXPECT_EQ(got.column(0, "missing_parent"), "patient_id");
  EXPECT_EQ(codes_of(got), codes{"missing_parent"});
  got = bench.knows("core.patients", 90).run<treatment_plans>({plan});
  EXPECT_EQ(got.column(0, "missing_parent"), "doctor_id");
  got = clinical_bench().holds_back("core.orders", 31).run<treatment_plans>({plan});
  EXPECT_TRUE(got.parked(0));
  EXPECT_EQ(codes_of(got), codes{"waits_for_parent"});
}

TEST(TreatmentPlans, AnInstructionThatIsGoneIsAMissingParent) {
  legacy_plan plan = good_plan();
  plan.instruction_id = 32;
  plan.patient_id = plan.doctor_id = std::nullopt;
  const outcome got = run_plan(plan);
  EXPECT_TRUE(got.rejected(0, "missing_parent"));
  EXPECT_EQ(got.column(0, "missing_parent"), "order_id");
}

TEST(TreatmentPlans, TheProjectMayBeMissingOrShared) {
  legacy_plan plan = good_plan();
  plan.project_id = 136;
  outcome got = run_plan(plan);
  EXPECT_TRUE(got.row(0).is_null("project_id"));
  EXPECT_EQ(codes_of(got), codes{"missing_parent"});
  EXPECT_EQ(got.row(0).json("metadata"), R"({"legacy_project_id":136})");
  legacy_plan other = good_plan();
  other.id = 529;
  got = plans_bench().run<treatment_plans>({good_plan(), other});
  EXPECT_EQ(got.row(0).uuid("project_id"), got.row(1).uuid("project_id"));
  EXPECT_TRUE(got.clean());
}

}  // namespace
}  // namespace clinical::tests
