// A plugin written in C runs in the bench like any other.
#include <gtest/gtest.h>

#include <mighost/testing.hpp>

using mig::testing::bench;

TEST(PlainC, RunsInTheBench) {
  const auto got =
      bench{mighost_plugin_v1()}.run_values("nothing", {{mig::testing::to_value(std::int64_t{1})}});
  EXPECT_TRUE(got.clean());
  EXPECT_TRUE(got.rejected(0, "refused"));
}
