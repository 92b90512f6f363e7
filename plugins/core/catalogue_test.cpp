#include "core_test.hpp"

namespace core::tests {
namespace {

constexpr std::pair<std::int64_t, std::string_view> known_courses[] = {
    {1, "main"}, {2, "refinement"}, {3, "replacement"},
    {4, "any"},  {7, "invoice"},    {8, "merchandise"}};

TEST(Courses, CarriesEverything) {
  const outcome got = core_bench().run<courses>({{.id = 2,
                                                  .name = " Refinement ",
                                                  .description = "second round",
                                                  .customization = "[]",
                                                  .price = number("100.10"),
                                                  .active = false}});
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(codes_of(got), codes{});
  const auto& row = got.row(0);
  EXPECT_EQ(row.text("name"), "Refinement");
  EXPECT_EQ(row.text("course_type"), "refinement");
  EXPECT_EQ(row.text("description"), "second round");
  EXPECT_EQ(row.json("customization"), "[]");
  EXPECT_EQ(row.numeric_text("base_price"), "100.10");
  EXPECT_FALSE(row.boolean("is_active"));
  EXPECT_EQ(row.integer("legacy_course_id"), 2);
}

TEST(Courses, TheIdIsTheType) {
  for (const auto& [id, type] : known_courses) {
    const outcome got = core_bench().run<courses>({{.id = id, .name = "x"}});
    EXPECT_EQ(got.row(0).text("course_type"), type);
  }
  for (const std::int64_t id : {0, 5, 6, 9}) {
    const outcome got = core_bench().run<courses>({{.id = id}});
    EXPECT_TRUE(got.rejected(0, "unknown_enum"));
    EXPECT_EQ(codes_of(got), codes{"unknown_enum"});
  }
}

TEST(Courses, AbsentValues) {
  const outcome got = core_bench().run<courses>({{.id = 1, .name = "None"}});
  EXPECT_EQ(got.row(0).text("name"), "Course 1");
  EXPECT_TRUE(got.noted(0, "name_missing"));
  EXPECT_TRUE(got.row(0).is_null("description"));
  EXPECT_TRUE(got.row(0).is_null("base_price"));
  EXPECT_TRUE(got.row(0).boolean("is_active"));
  EXPECT_EQ(got.row(0).json("customization"), "{}");
}

TEST(Courses, BadJsonIsWrapped) {
  const outcome got =
      core_bench().run<courses>({{.id = 1, .name = "x", .customization = "{a: 1}"}});
  EXPECT_EQ(got.row(0).json("customization"), R"({"_raw":"{a: 1}"})");
  EXPECT_EQ(got.column(0, "json_invalid"), "customization");
}

legacy_product good_product() {
  return {.id = 9,
          .name = "Retainer",
          .description = "upper",
          .free = true,
          .substitute = true,
          .customization = R"({"k":1})",
          .type = 3,
          .course_id = 8,
          .course_price = number("49.90")};
}

TEST(Products, CarriesEverything) {
  const outcome got = core_bench().run<products>({good_product()});
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(codes_of(got), codes{});
  const auto& row = got.row(0);
  EXPECT_EQ(row.text("name"), "Retainer");
  EXPECT_EQ(row.text("course_type"), "merchandise");
  EXPECT_EQ(row.numeric_text("base_price"), "49.90");
  EXPECT_EQ(row.json("customization"), R"({"k":1})");
  EXPECT_TRUE(row.boolean("is_active"));
  EXPECT_TRUE(row.is_null("sku"));
  EXPECT_EQ(row.integer("legacy_product_id"), 9);
  EXPECT_EQ(row.json("metadata"),
            R"({"description":"upper","free":true,"substitute":true,"type":3})");
}

TEST(Products, WithoutACourse) {
  legacy_product row = good_product();
  row.course_id = std::nullopt;
  row.course_price = std::nullopt;
  row.description = std::nullopt;
  row.type = std::nullopt;
  row.name = "";
  row.deleted = true;
  const outcome got = core_bench().run<products>({row});
  EXPECT_EQ(got.row(0).text("name"), "Product 9");
  EXPECT_TRUE(got.row(0).is_null("course_type"));
  EXPECT_TRUE(got.row(0).is_null("base_price"));
  EXPECT_FALSE(got.row(0).boolean("is_active"));
  EXPECT_EQ(got.row(0).json("metadata"),
            R"({"description":null,"free":true,"substitute":true,"type":null})");
  EXPECT_EQ(codes_of(got), codes{"name_missing"});
}

TEST(Products, AnUnknownCourseIsRejected) {
  legacy_product row = good_product();
  row.course_id = 5;
  row.customization = "{";
  const outcome got = core_bench().run<products>({row});
  EXPECT_TRUE(got.rejected(0, "unknown_enum"));
  EXPECT_EQ(codes_of(got), codes{"unknown_enum"});
  EXPECT_EQ(got.column(0, "unknown_enum"), "course_id");
}

TEST(Products, TheSettingGivesThemASku) {
  auto bench = core_bench().setting("product_sku", true);
  EXPECT_EQ(bench.run<products>({good_product()}).row(0).text("sku"), "SKU-9");
  bench = core_bench().setting("product_sku", false);
  EXPECT_TRUE(bench.run<products>({good_product()}).row(0).is_null("sku"));
}

TEST(Categories, TheParentIsSetLater) {
  const outcome got = core_bench().run<categories>({{.id = 1, .name = " Steps ", .parent_id = 2},
                                                    {.id = 2, .name = "Top"},
                                                    {.id = 3, .name = "null", .parent_id = 3}});
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(got.row(0).text("name"), "Steps");
  EXPECT_TRUE(got.row(0).is_null("parent_id"));
  EXPECT_EQ(got.late(0, "parent_id"), "2");
  EXPECT_EQ(got.late(1, "parent_id"), "");
  EXPECT_EQ(got.row(2).text("name"), "Category 3");
  EXPECT_EQ(got.late(2, "parent_id"), "3");
  EXPECT_EQ(got.row(2).integer("legacy_category_id"), 3);
  EXPECT_EQ(codes_of(got), codes{"name_missing"});
}

TEST(Roles, CarriesEverything) {
  const outcome got = core_bench().run<roles>({{.id = 4,
                                                .name = " Sectioning ",
                                                .abbrev = " SE ",
                                                .type = 1,
                                                .order = 2,
                                                .user_id = 3,
                                                .group_id = 11},
                                               {.id = 5, .name = "NULL", .abbrev = ""}});
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(got.row(0).text("name"), "Sectioning");
  EXPECT_EQ(got.row(0).text("abbreviation"), "SE");
  EXPECT_EQ(got.row(0).integer("legacy_role_id"), 4);
  EXPECT_EQ(got.row(0).json("metadata"), R"({"type":1,"order":2,"user_id":3,"group_id":11})");
  EXPECT_EQ(got.row(1).text("name"), "Role 5");
  EXPECT_TRUE(got.row(1).is_null("abbreviation"));
  EXPECT_EQ(got.row(1).json("metadata"),
            R"({"type":null,"order":null,"user_id":null,"group_id":null})");
  EXPECT_EQ(codes_of(got), codes{"name_missing"});
}

legacy_role_permission good_permission() {
  return {.id = 8, .role_id = 4, .codename = "add_task", .app_label = "dispatch", .model = "task"};
}

TEST(RolePermissions, NameTheResource) {
  const outcome got =
      core_bench().knows("core.roles", 4).run<role_permissions>({good_permission()});
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(got.row(0).uuid("role_id"), key_of("core.roles", 4));
  EXPECT_EQ(got.row(0).text("permission"), "add_task");
  EXPECT_EQ(got.row(0).text("resource"), "dispatch.task");
  EXPECT_TRUE(got.row(0).boolean("is_active"));
  EXPECT_EQ(got.row(0).integer("legacy_id"), 8);
}

TEST(RolePermissions, PermissionsThatAreGone) {
  legacy_role_permission no_permission = good_permission();
  no_permission.codename = no_permission.app_label = no_permission.model = std::nullopt;
  legacy_role_permission no_type = good_permission();
  no_type.app_label = no_type.model = std::nullopt;
  const outcome got =
      core_bench().knows("core.roles", 4).run<role_permissions>({no_permission, no_type});
  EXPECT_TRUE(got.rejected(0, "permission_missing"));
  EXPECT_TRUE(got.rejected(1, "permission_missing"));
}

TEST(RolePermissions, TheRoleMustBeThere) {
  outcome got = core_bench().run<role_permissions>({good_permission()});
  EXPECT_TRUE(got.rejected(0, "missing_parent"));
  got = core_bench().holds_back("core.roles", 4).run<role_permissions>({good_permission()});
  EXPECT_TRUE(got.parked(0));
}

TEST(Teams, AreTheGroups) {
  const outcome got = core_bench().run<teams>({{.id = 11, .name = "Technician"}});
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(got.row(0).text("name"), "Technician");
  EXPECT_EQ(got.row(0).integer("legacy_group_id"), 11);
}

}  // namespace
}  // namespace core::tests
