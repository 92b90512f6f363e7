// The orders that make a program for tests fail at a place of its choice.
#include "report/failpoint.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <set>
#include <string>

#include "report/error.hpp"

namespace {

using mighost::arm_failpoints;
using mighost::Error;
using mighost::Exit;
using mighost::failpoint;
using mighost::failpoint_names;

class Failpoint : public testing::Test {
 protected:
  void TearDown() override { arm_failpoints(""); }
};

std::string refusal_of(const std::string& orders) {
  try {
    arm_failpoints(orders);
  } catch (const Error& error) {
    EXPECT_EQ(error.exit(), Exit::usage);
    return error.what();
  }
  ADD_FAILURE() << "taken: " << orders;
  return {};
}

TEST_F(Failpoint, WithoutOrdersNothingHappens) {
  arm_failpoints("");
  EXPECT_NO_THROW(failpoint("run.started"));
}

TEST_F(Failpoint, EveryNameIsTakenAndNoneStandsTwice) {
  for (const std::string_view name : failpoint_names) {
    EXPECT_NO_THROW(arm_failpoints(std::string(name) + "=error")) << name;
    EXPECT_THROW(mighost::failpoint_reached(name, -1), Error) << name;
  }
  EXPECT_EQ(std::set(failpoint_names.begin(), failpoint_names.end()).size(),
            failpoint_names.size());
}

TEST_F(Failpoint, WrongOrdersAreRefusedWithAllNames) {
  for (const std::string orders :
       {"run.start=kill", "run.started", "run.started=", "run.started=die", "run.started=stall",
        "run.started=stall:", "run.started=stall:1s", "run.started=kill@", "run.started=kill@0",
        "run.started=kill@x", "run.started=kill;=kill", "run.started=kill;run.checked=lose"}) {
    const std::string text = refusal_of(orders);
    for (const std::string_view name : failpoint_names) {
      EXPECT_NE(text.find(name), std::string::npos) << orders << ": " << text;
    }
  }
  EXPECT_NE(refusal_of("run.start=kill").find("'run.start'"), std::string::npos);
  EXPECT_NE(refusal_of("run.started=die").find("'die'"), std::string::npos);
}

TEST_F(Failpoint, ErrorIsThrownEachTimeOrOnlyTheNthTime) {
  arm_failpoints("run.started=error;run.checked=error@3");
  for (int time = 1; time <= 4; ++time) {
    EXPECT_THROW(failpoint("run.started"), Error);
    if (time == 3) {
      EXPECT_THROW(failpoint("run.checked"), Error);
    } else {
      EXPECT_NO_THROW(failpoint("run.checked"));
    }
    EXPECT_NO_THROW(failpoint("run.committed"));
  }
}

TEST_F(Failpoint, StallWaitsAsLongAsItSays) {
  arm_failpoints("chunk.loaded=stall:120");
  const auto started = std::chrono::steady_clock::now();
  failpoint("chunk.loaded");
  EXPECT_GE(std::chrono::steady_clock::now() - started, std::chrono::milliseconds(120));
}

TEST_F(Failpoint, KillIsTheSignalThatNobodyCatches) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(
      {
        arm_failpoints("run.committing=kill@2");
        failpoint("run.committing");
        failpoint("run.committing");
      },
      testing::KilledBySignal(SIGKILL), "");
}

TEST_F(Failpoint, LostCutsTheConnectionThatIsGiven) {
  std::array<int, 2> ends{};
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
  arm_failpoints("chunk.reading=lost");
  failpoint("chunk.reading", ends[0]);
  char byte = 0;
  EXPECT_EQ(read(ends[1], &byte, 1), 0);  // the end
  EXPECT_THROW(failpoint("chunk.reading"), Error);
  for (const int end : ends) close(end);
}

}  // namespace
