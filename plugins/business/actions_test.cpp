#include "business_test.hpp"

namespace business::tests {
namespace {

legacy_action good_action() {
  return {.id = 44,
          .action = " changed ",
          .date = noon,
          .item_id = 5,
          .owner_id = 6,
          .user_id = 8,
          .item_type = "dispatch.instruction",
          .owner_type = "dispatch.patient",
          .data = R"({"a":1})"};
}

TEST(UserActions, CarriesEverything) {
  const outcome got = business_bench()
                          .knows("core.orders", 5)
                          .knows("core.patients", 6)
                          .knows("core.profiles", 8)
                          .run<user_actions>({good_action()});
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(codes_of(got), codes{});
  const auto& row = got.row(0);
  EXPECT_EQ(row.uuid("user_id"), key_of("core.profiles", 8));
  EXPECT_EQ(row.text("action"), "changed");
  EXPECT_EQ(row.text("item_type"), "dispatch.instruction");
  EXPECT_EQ(row.uuid("item_id"), key_of("core.orders", 5));
  EXPECT_EQ(row.text("owner_type"), "dispatch.patient");
  EXPECT_EQ(row.uuid("owner_id"), key_of("core.patients", 6));
  EXPECT_EQ(row.json("data"), R"({"a":1})");
  EXPECT_EQ(row.timestamp("performed_at"), noon);
  EXPECT_EQ(row.integer("legacy_action_id"), 44);
  EXPECT_EQ(row.json("metadata"), R"({"user_id":8,"item_id":5,"owner_id":6})");
}

TEST(UserActions, EachKindOfThingOnBothEnds) {
  const std::pair<std::string_view, std::string_view> kinds[] = {
      {"dispatch.instruction", "core.orders"}, {"dispatch.patient", "core.patients"},
      {"auth.user", "core.profiles"},          {"dispatch.userproxy", "core.profiles"},
      {"dispatch.task", "business.tasks"},     {"dispatch.record", "business.messages"},
      {"dispatch.file", "business.files"},     {"dispatch.plan", "clinical.treatment_plans"}};
  for (const auto& [type, entity] : kinds) {
    legacy_action row = good_action();
    row.user_id = std::nullopt;
    row.item_type = row.owner_type = type;
    const outcome got = business_bench().knows(entity, 5).knows(entity, 6).run<user_actions>({row});
    EXPECT_EQ(got.row(0).uuid("item_id"), key_of(entity, 5)) << type;
    EXPECT_EQ(got.row(0).uuid("owner_id"), key_of(entity, 6)) << type;
    EXPECT_EQ(codes_of(got), codes{}) << type;
  }
}

TEST(UserActions, ThingsWithoutAHomeAreNull) {
  for (const maybe_text type : {maybe_text{}, maybe_text{"dispatch.order"}}) {
    legacy_action row = good_action();
    row.item_type = row.owner_type = type;
    row.user_id = std::nullopt;
    row.date = std::nullopt;
    const outcome got = business_bench().knows("core.orders", 5).run<user_actions>({row});
    EXPECT_EQ(text_or_null(got.row(0), "item_type"), type.value_or("NULL"));
    EXPECT_TRUE(got.row(0).is_null("item_id"));
    EXPECT_TRUE(got.row(0).is_null("owner_id"));
    EXPECT_TRUE(got.row(0).is_null("performed_at"));
    EXPECT_EQ(codes_of(got), codes{});
  }
  const outcome got = business_bench().run<user_actions>({good_action()});
  EXPECT_TRUE(got.row(0).is_null("item_id"));
  EXPECT_TRUE(got.noted(0, "missing_parent"));
}

TEST(UserActions, WithoutAnActionSayNothing) {
  for (const maybe_text action : {maybe_text{}, maybe_text{" "}, maybe_text{"None"}}) {
    legacy_action row = good_action();
    row.action = action;
    row.data = "x";
    const outcome got = business_bench().run<user_actions>({row});
    EXPECT_TRUE(got.rejected(0, "action_missing"));
    EXPECT_EQ(codes_of(got), codes{"action_missing"});
  }
}

TEST(UserActions, DataIsJson) {
  legacy_action row = good_action();
  row.item_id = row.owner_id = row.user_id = std::nullopt;
  row.data = "x";
  const outcome got = business_bench().run<user_actions>({row});
  EXPECT_EQ(got.row(0).json("data"), R"({"_raw":"x"})");
  EXPECT_EQ(codes_of(got), codes{"json_invalid"});
}

}  // namespace
}  // namespace business::tests
