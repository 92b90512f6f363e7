// When a load takes indexes and constraints down.

#include "plan/deferral_choice.hpp"

#include <gtest/gtest.h>

#include "plan_samples.hpp"

namespace mighost::test {
namespace {

CatalogTable table(bool owned = true) {
  CatalogTable made = live_table("orders", {live("id", oid::uuid, "uuid", true)});
  made.owned = owned;
  return made;
}

TEST(DeferralChoice, AutomaticWeighsRowsAgainstLocks) {
  EXPECT_TRUE(choose_deferral(table(), Defer::automatic, 100'000, 0).defer);
  EXPECT_TRUE(choose_deferral(table(), Defer::automatic, 5000, 0).defer);
  EXPECT_FALSE(choose_deferral(table(), Defer::automatic, 4999, 0).defer);
  EXPECT_TRUE(choose_deferral(table(), Defer::automatic, 10'000, 5000).defer);
  EXPECT_FALSE(choose_deferral(table(), Defer::automatic, 15'000, 8000).defer);
  EXPECT_FALSE(choose_deferral(table(), Defer::automatic, 100'000, 100'000).defer)
      << "a second run has nothing to load";
  EXPECT_FALSE(choose_deferral(table(), Defer::automatic, -1, 0).defer);
}

TEST(DeferralChoice, ConfigurationDecidesButNotWithoutOwnership) {
  EXPECT_TRUE(choose_deferral(table(), Defer::always, 1, 1'000'000).defer);
  EXPECT_FALSE(choose_deferral(table(), Defer::never, 1'000'000, 0).defer);
  const DeferralChoice foreign = choose_deferral(table(false), Defer::always, 1'000'000, 0);
  EXPECT_FALSE(foreign.defer);
  EXPECT_TRUE(contains(foreign.reason, "does not own"));
}

TEST(DeferralChoice, EveryAnswerHasAReason) {
  for (const Defer setting : {Defer::automatic, Defer::always, Defer::never}) {
    for (const double rows : {-1.0, 0.0, 6000.0}) {
      EXPECT_NE(choose_deferral(table(), setting, rows, 7000).reason, "");
    }
  }
}

TEST(DeferralChoice, ExistingRowsFromStatisticsOrSize) {
  CatalogTable some = table();
  some.has_pages = false;
  some.estimated_rows = 500;
  EXPECT_EQ(existing_rows_estimate(some), 0);
  some.has_pages = true;
  EXPECT_EQ(existing_rows_estimate(some), 500);
  some.estimated_rows = -1;
  some.bytes = 1'000'000;
  EXPECT_EQ(existing_rows_estimate(some), 10'000);
}

}  // namespace
}  // namespace mighost::test
