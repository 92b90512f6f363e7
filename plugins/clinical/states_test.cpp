// The state migration on the bench. Order, ties and gaps are the work of the source query, which
// tests/integration/clinical_queries_test.cpp shows real rows to; here is what the handler makes of
// what the query says.
#include "clinical_test.hpp"

namespace clinical::tests {
namespace {

constexpr std::string_view changed = "2025-03-04T05:06:07Z";

legacy_case_state good_case_state() {
  return {.id = 600,
          .status = 12,
          .on = true,
          .changed_at = at(changed),
          .actor_id = 3,
          .instruction_id = 31,
          .patient_id = 90,
          .earlier = "12,11"};
}

mig::testing::bench cases_bench() {
  return clinical_bench().knows("business.cases", 90).knows("core.profiles", 3);
}

outcome run_case_state(const legacy_case_state& row) {
  return cases_bench().run<case_states>({row});
}

std::string previous_of(maybe_text earlier) {
  legacy_case_state state = good_case_state();
  state.earlier = earlier;
  return text_or_null(run_case_state(state).row(0), "previous_state");
}

TEST(CaseStates, CarriesEverything) {
  const outcome got = run_case_state(good_case_state());
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(codes_of(got), codes{});
  const auto& row = got.row(0);
  EXPECT_EQ(row.uuid("case_id"), key_of("business.cases", 90));
  EXPECT_EQ(row.uuid("changed_by_id"), key_of("core.profiles", 3));
  EXPECT_EQ(row.text("previous_state"), "treatment_active");
  EXPECT_EQ(row.text("current_state"), "case_closed");
  EXPECT_EQ(row.timestamp("changed_at"), at(changed));
  EXPECT_EQ(row.integer("legacy_state_id"), 600);
  EXPECT_EQ(row.json("metadata"), R"({"on":true,"legacy_instruction_id":31,"legacy_actor_id":3})");
}

TEST(CaseStates, ThePreviousStateIsTheNearestKnownOne) {
  EXPECT_EQ(previous_of(std::nullopt), "NULL");  // the first of its case
  EXPECT_EQ(previous_of("11"), "treatment_active");
  EXPECT_EQ(previous_of("11,12"), "case_closed");
  EXPECT_EQ(previous_of("12,12"), "case_closed");
  EXPECT_EQ(previous_of("12,11,99"), "treatment_active");
  EXPECT_EQ(previous_of("12,-1,7,99"), "case_closed");
  EXPECT_EQ(previous_of("99,1,2"), "NULL");
}

TEST(CaseStates, LeavingAStateIsARowAsAnyOther) {
  legacy_case_state state = good_case_state();
  state.on = false;
  state.actor_id = std::nullopt;
  const outcome got = run_case_state(state);
  EXPECT_EQ(codes_of(got), codes{});
  EXPECT_EQ(got.row(0).text("current_state"), "case_closed");
  EXPECT_TRUE(got.row(0).is_null("changed_by_id"));
  EXPECT_EQ(got.row(0).json("metadata"),
            R"({"on":false,"legacy_instruction_id":31,"legacy_actor_id":null})");
}

TEST(CaseStates, UnknownCodesDecideBeforeTheCase) {
  for (const std::int64_t code : {-1, 0, 1, 10, 13}) {
    legacy_case_state state = good_case_state();
    state.status = code;
    const outcome got = clinical_bench().run<case_states>({state});
    EXPECT_TRUE(got.rejected(0, "unknown_enum"));
    EXPECT_EQ(codes_of(got), codes{"unknown_enum"});
    EXPECT_EQ(got.column(0, "unknown_enum"), "status");
  }
}

TEST(CaseStates, TheSettingDecidesWhatCountsAsPreviousToo) {
  auto bench = cases_bench().setting("case_state.13", "case_closed").setting("case_state.12", "");
  legacy_case_state state = good_case_state();
  state.status = 13;
  state.earlier = "13,11,12";
  EXPECT_EQ(bench.run<case_states>({state}).row(0).text("previous_state"), "treatment_active");
  state.earlier = "11,13,12";
  EXPECT_EQ(bench.run<case_states>({state}).row(0).text("previous_state"), "case_closed");
  state.status = 12;
  EXPECT_TRUE(bench.run<case_states>({state}).rejected(0, "unknown_enum"));
  expect_refused(cases_bench().setting("case_state.13", "paused").run<case_states>({state}),
                 "case_state");
}

TEST(CaseStates, WithoutAnInstructionOrACaseTheParentIsMissing) {
  legacy_case_state state = good_case_state();
  state.patient_id = std::nullopt;
  EXPECT_TRUE(run_case_state(state).rejected(0, "missing_parent"));
  state.patient_id = 91;
  EXPECT_TRUE(run_case_state(state).rejected(0, "missing_parent"));
  auto bench = cases_bench().holds_back("business.cases", 91);
  EXPECT_TRUE(bench.run<case_states>({state}).parked(0));
}

TEST(CaseStates, AnActorWhoIsGoneIsNoted) {
  legacy_case_state state = good_case_state();
  state.actor_id = 4;
  const outcome got = run_case_state(state);
  EXPECT_TRUE(got.row(0).is_null("changed_by_id"));
  EXPECT_EQ(codes_of(got), codes{"missing_parent"});
}

legacy_order_state good_order_state() {
  return {.id = 600,
          .status = 11,
          .on = true,
          .changed_at = at(changed),
          .actor_id = 3,
          .instruction_id = 31};
}

mig::testing::bench orders_bench() {
  return clinical_bench().knows("core.orders", 31).knows("core.profiles", 3);
}

TEST(OrderStates, CarriesEverything) {
  const outcome got = orders_bench().run<order_states>({good_order_state()});
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(codes_of(got), codes{});
  const auto& row = got.row(0);
  EXPECT_EQ(row.uuid("order_id"), key_of("core.orders", 31));
  EXPECT_EQ(row.integer("status_code"), 11);
  EXPECT_EQ(row.text("status_name"), "review_approval");
  EXPECT_TRUE(row.boolean("is_active"));
  EXPECT_EQ(row.uuid("changed_by"), key_of("core.profiles", 3));
  EXPECT_EQ(row.timestamp("changed_at"), at(changed));
  EXPECT_EQ(row.integer("legacy_state_id"), 600);
  EXPECT_EQ(row.integer("legacy_instruction_id"), 31);
  EXPECT_EQ(row.integer("legacy_actor_id"), 3);
}

TEST(OrderStates, ActorsAreKeptAsNumbersEvenWhenTheyAreGone) {
  legacy_order_state state = good_order_state();
  state.status = 12;
  state.on = false;
  state.actor_id = 4;
  outcome got = orders_bench().run<order_states>({state});
  EXPECT_EQ(got.row(0).text("status_name"), "processing");
  EXPECT_FALSE(got.row(0).boolean("is_active"));
  EXPECT_TRUE(got.row(0).is_null("changed_by"));
  EXPECT_EQ(got.row(0).integer("legacy_actor_id"), 4);
  EXPECT_EQ(codes_of(got), codes{"missing_parent"});
  state.actor_id = std::nullopt;
  got = orders_bench().run<order_states>({state});
  EXPECT_TRUE(got.row(0).is_null("changed_by"));
  EXPECT_TRUE(got.row(0).is_null("legacy_actor_id"));
  EXPECT_EQ(codes_of(got), codes{});
}

TEST(OrderStates, InventedNamesAreNotUsedUnlessTheOperatorGivesThem) {
  legacy_order_state state = good_order_state();
  for (const std::int64_t code : {-1, 0, 10, 13, 14, 15, 16, 17, 18, 19, 20}) {
    state.status = code;
    const outcome got = clinical_bench().run<order_states>({state});  // before the order
    EXPECT_TRUE(got.rejected(0, "unknown_enum")) << code;
    EXPECT_EQ(codes_of(got), codes{"unknown_enum"});
  }
  auto bench = orders_bench().setting("order_state.14", "shipped");
  state.status = 14;
  const outcome got = bench.run<order_states>({state});
  EXPECT_EQ(got.row(0).text("status_name"), "shipped");
  EXPECT_EQ(got.row(0).integer("status_code"), 14);
  expect_refused(orders_bench().setting("order_state.14", "sent").run<order_states>({state}),
                 "order_state");
}

TEST(OrderStates, TheOrderMustBeThere) {
  EXPECT_TRUE(
      clinical_bench().run<order_states>({good_order_state()}).rejected(0, "missing_parent"));
  EXPECT_TRUE(clinical_bench()
                  .holds_back("core.orders", 31)
                  .run<order_states>({good_order_state()})
                  .parked(0));
}

}  // namespace
}  // namespace clinical::tests
