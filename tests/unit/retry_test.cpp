// Attempts of a run whose trouble may pass.
#include "run/retry.hpp"

#include <gtest/gtest.h>

namespace mighost {
namespace {

RunResult lost(const std::string& why) {
  RunResult result;
  result.exit = Exit::failed;
  result.may_pass = true;
  result.report.error = why;
  return result;
}

RunConfig config_of(std::uint32_t retries) {
  RunConfig config;
  config.chunks.retries = retries;
  return config;
}

std::string told(const Error& error) { return "no server: " + error.message(); }

TEST(Retry, AServerThatGoesAgainWhileAnAttemptBeginsIsWaitedFor) {
  int attempts = 0;
  const RunResult result = retried(
      lost("first"), config_of(5), "again",
      [&]() -> RunResult {
        if (++attempts == 1) throw Error(Exit::preflight, "cannot connect");
        if (attempts == 2) {
          ServerError gone;
          gone.sqlstate = "57P01";
          gone.connection_lost = true;
          throw SqlError(gone, "SELECT");
        }
        RunResult done;
        done.exit = Exit::done;
        return done;
      },
      told);
  EXPECT_EQ(result.exit, Exit::done);
  EXPECT_EQ(attempts, 3);
  ASSERT_EQ(result.report.retries.size(), 3u);
  EXPECT_EQ(result.report.retries[1].message, "no server: cannot connect");
  EXPECT_EQ(result.report.retries[2].sqlstate, "57P01");
}

TEST(Retry, ARefusalWhileAnAttemptBeginsEndsIt) {
  int attempts = 0;
  const RunResult result = retried(
      lost("first"), config_of(5), "again",
      [&]() -> RunResult {
        ++attempts;
        ServerError refused;
        refused.sqlstate = "42501";
        throw SqlError(refused, "SELECT");
      },
      told);
  EXPECT_EQ(result.exit, Exit::failed);
  EXPECT_EQ(attempts, 1);
  EXPECT_NE(result.report.error.find("42501"), std::string::npos) << result.report.error;
}

TEST(Retry, NoMoreThanTheBudget) {
  int attempts = 0;
  const auto again = [&] {
    ++attempts;
    return lost("again");
  };
  EXPECT_EQ(retried(lost("first"), config_of(2), "again", again, told).exit, Exit::failed);
  EXPECT_EQ(attempts, 2);
}

}  // namespace
}  // namespace mighost
