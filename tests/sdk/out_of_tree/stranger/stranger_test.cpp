#include "stranger.cpp"

#include <gtest/gtest.h>

#include <mighost/testing.hpp>

using mig::testing::bench;

TEST(Tags, FoldsItsText) {
  const auto got = bench{mighost_plugin_v1()}
                       .knows("core.profiles", 7)
                       .run<Tags>({{.id = 1, .owner = 7, .text = "Red"},
                                   {.id = 2, .owner = 7, .text = " "},
                                   {.id = 3, .owner = 8, .text = "Blue"}});
  EXPECT_TRUE(got.clean());
  EXPECT_EQ(got.row(0).text("text"), "red");
  EXPECT_TRUE(got.rejected(1, "text_missing"));
  EXPECT_TRUE(got.rejected(2, "missing_parent"));
  EXPECT_EQ(mig::detail::view(mighost_plugin_v1()->version), "1.2.3");
}
