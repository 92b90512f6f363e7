#include "business_test.hpp"

namespace business::tests {
namespace {

legacy_task good_task() {
  return {.id = 700001,
          .checked = true,
          .template_id = 12,
          .done_at = noon,
          .text = " as it is ",
          .instruction_id = 900,
          .actor_id = 8,
          .known_template = 12,
          .task_name = " Scan check "};
}

mig::testing::bench tasks_bench() {
  return business_bench()
      .knows("core.orders", 900)
      .knows("business.templates", 12)
      .knows("core.profiles", 8);
}

outcome run_task(const legacy_task& row) { return tasks_bench().run<tasks>({row}); }

TEST(Tasks, CarriesEverything) {
  const outcome got = run_task(good_task());
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(codes_of(got), codes{});
  const auto& row = got.row(0);
  EXPECT_EQ(row.uuid("order_id"), key_of("core.orders", 900));
  EXPECT_EQ(row.uuid("template_id"), key_of("business.templates", 12));
  EXPECT_EQ(row.uuid("assigned_to"), key_of("core.profiles", 8));
  EXPECT_EQ(row.text("template_name"), "Scan check");
  EXPECT_EQ(row.text("description"), " as it is ");
  EXPECT_TRUE(row.is_null("jaw_specification"));
  EXPECT_EQ(row.text("status"), "completed");
  EXPECT_TRUE(row.boolean("checked"));
  EXPECT_EQ(row.timestamp("completed_at"), noon);
  EXPECT_EQ(row.integer("legacy_task_id"), 700001);
  EXPECT_EQ(row.json("metadata"), "{}");
}

TEST(Tasks, OfTheOtherOrderTableHaveNoHome) {
  legacy_task row = good_task();
  row.instruction_id = std::nullopt;
  row.order_id = 900;  // a number that is an instruction as well
  const outcome got = run_task(row);
  EXPECT_TRUE(got.rejected(0, "foreign_id_space"));
  EXPECT_EQ(got.column(0, "foreign_id_space"), "order_id");
  EXPECT_EQ(codes_of(got), codes{"foreign_id_space"});
}

TEST(Tasks, WithoutAnyOrderAreOrphans) {
  legacy_task row = good_task();
  row.instruction_id = std::nullopt;
  EXPECT_TRUE(orphan(run_task(row), "order_id"));
  row.instruction_id = 901;
  EXPECT_TRUE(orphan(run_task(row), "order_id"));
  EXPECT_TRUE(business_bench().holds_back("core.orders", 901).run<tasks>({row}).parked(0));
}

TEST(Tasks, WithBothOrdersFollowTheInstruction) {
  legacy_task row = good_task();
  row.order_id = 3;
  const outcome got = run_task(row);
  EXPECT_EQ(got.row(0).uuid("order_id"), key_of("core.orders", 900));
  EXPECT_EQ(got.row(0).json("metadata"), R"({"basket_id":3})");
}

TEST(Tasks, ACheckMarkAndADateDecide) {
  struct {
    bool checked, dated;
    std::string_view status, metadata;
  } const examples[] = {
      {true, true, "completed", "{}"},
      {false, true, "in_progress", R"({"done_at":"2025-03-04T12:00:00Z"})"},
      {true, false, "pending", "{}"},
      {false, false, "pending", "{}"},
  };
  for (const auto& each : examples) {
    legacy_task row = good_task();
    row.checked = each.checked;
    if (!each.dated) row.done_at = std::nullopt;
    const outcome got = run_task(row);
    EXPECT_EQ(got.row(0).text("status"), each.status);
    EXPECT_EQ(got.row(0).boolean("checked"), each.checked);
    EXPECT_EQ(got.row(0).is_null("completed_at"), each.status != "completed");
    EXPECT_EQ(got.row(0).json("metadata"), each.metadata);
  }
}

TEST(Tasks, TheNameIsTheTemplates) {
  legacy_task row = good_task();
  row.task_name = "";
  row.text_name = " text ";
  EXPECT_EQ(run_task(row).row(0).text("template_name"), "text");
  row.text_name = std::nullopt;
  outcome got = run_task(row);
  EXPECT_EQ(got.row(0).text("template_name"), "Template 12");
  EXPECT_EQ(codes_of(got), codes{});  // the template has the note
  row.known_template = std::nullopt;
  row.template_id = 13;
  got = run_task(row);
  EXPECT_TRUE(got.row(0).is_null("template_name"));
  EXPECT_TRUE(got.row(0).is_null("template_id"));
  EXPECT_EQ(codes_of(got), codes{"missing_parent"});
}

TEST(Tasks, AnAssigneeMayBeMissing) {
  legacy_task row = good_task();
  row.actor_id = std::nullopt;
  row.text = std::nullopt;
  outcome got = run_task(row);
  EXPECT_TRUE(got.row(0).is_null("assigned_to"));
  EXPECT_TRUE(got.row(0).is_null("description"));
  EXPECT_EQ(codes_of(got), codes{});
  row.actor_id = 9;
  got = run_task(row);
  EXPECT_TRUE(got.row(0).is_null("assigned_to"));
  EXPECT_EQ(codes_of(got), codes{"missing_parent"});
}

TEST(Tasks, JawCodesMeanNothingUntilTheSettingSaysSo) {
  legacy_task row = good_task();
  row.jaw = 2;
  row.file_id = 4;
  row.plan_id = 5;
  outcome got = run_task(row);
  EXPECT_TRUE(got.row(0).is_null("jaw_specification"));
  EXPECT_EQ(codes_of(got), codes{});
  EXPECT_EQ(got.row(0).json("metadata"), R"({"file_id":4,"plan_id":5,"jaw":2})");
  got = tasks_bench().setting("task_jaw.2", "lower").run<tasks>({row});
  EXPECT_EQ(got.row(0).text("jaw_specification"), "lower");
  EXPECT_EQ(tasks_bench().setting("task_jaw.2", "left").run<tasks>({row}).status, MIG_FAILED);
}

TEST(Tasks, MetadataOfOneRowDoesNotReachTheNext) {
  legacy_task row = good_task();
  row.jaw = 2;
  const outcome got = tasks_bench().run<tasks>({row, good_task()});
  EXPECT_EQ(got.row(1).json("metadata"), "{}");
}

TEST(UserTasks, LinkTheTaskWithItsActor) {
  const legacy_user_task row{.id = 700001, .actor_id = 8};
  auto bench = business_bench();
  EXPECT_TRUE(orphan(bench.run<user_tasks>({row}), "task_id"));
  bench.knows("business.tasks", 700001);
  EXPECT_TRUE(orphan(bench.run<user_tasks>({row}), "user_id"));
  bench.knows("core.profiles", 8);
  const outcome got = bench.run<user_tasks>({row});
  EXPECT_EQ(got.row(0).uuid("user_id"), key_of("core.profiles", 8));
  EXPECT_EQ(got.row(0).uuid("task_id"), key_of("business.tasks", 700001));
  EXPECT_EQ(filters_of<user_tasks>()[0],
            (std::pair<std::string, std::string>{"no_actor", "actor_id is not null"}));
  static_assert(user_tasks::optional && user_tasks::projection);
}

}  // namespace
}  // namespace business::tests
