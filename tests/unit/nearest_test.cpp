#include "report/nearest.hpp"

#include <gtest/gtest.h>

namespace mighost {
namespace {

const std::vector<std::string> keys = {"batch_rows", "batch_bytes", "queue_bytes", "defer"};

TEST(Nearest, FindsTypingErrors) {
  EXPECT_EQ(nearest("batch_row", keys), "batch_rows");
  EXPECT_EQ(nearest("bathc_rows", keys), "batch_rows") << "a swap of neighbours counts once";
  EXPECT_EQ(nearest("batchbytes", keys), "batch_bytes");
  EXPECT_EQ(nearest("dffer", keys), "defer");
  EXPECT_EQ(nearest("core.ofices", {"core.orders", "core.offices"}), "core.offices");
}

TEST(Nearest, IgnoresCaseAndKindOfDash) {
  EXPECT_EQ(nearest("Batch-Rows", keys), "batch_rows");
  EXPECT_EQ(nearest("--log_json", {"--log-json"}), "--log-json");
}

TEST(Nearest, DoesNotGuessWildly) {
  EXPECT_EQ(nearest("password", keys), std::nullopt);
  EXPECT_EQ(nearest("", keys), std::nullopt);
  EXPECT_EQ(nearest("x", {"y"}), std::nullopt);
  EXPECT_EQ(nearest("defer", {}), std::nullopt);
  EXPECT_EQ(nearest(std::string(10'000, 'a'), keys), std::nullopt);
}

TEST(Nearest, PrefersTheFirstOfEquals) { EXPECT_EQ(nearest("rum", {"run", "sum"}), "run"); }

TEST(Nearest, HintListsWhatIsKnownWhenNothingIsNear) {
  EXPECT_EQ(nearest_hint("batch_row", keys), "did you mean \"batch_rows\"?");
  EXPECT_EQ(nearest_hint("zzz", {"url", "service"}), "known: url, service");
  EXPECT_EQ(nearest_hint("zzz", {}), "nothing is known here");
  const std::vector<std::string> many(25, "name");
  EXPECT_TRUE(nearest_hint("zzzzzz", many).ends_with("name, and 5 more"));
}

}  // namespace
}  // namespace mighost
