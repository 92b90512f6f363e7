#include "core_test.hpp"

namespace core::tests {
namespace {

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
