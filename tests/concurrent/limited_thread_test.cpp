#include "validate/limited_thread.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>

namespace mighost {
namespace {

using namespace std::chrono_literals;

bool always() { return true; }

// A call that lasts until it is let go, and then says that it is over.
struct Endless {
  std::atomic<bool> stop{false}, over{false};
  void operator()() {
    while (!stop) std::this_thread::sleep_for(1ms);
    over = true;
  }
  void let_go() {
    stop = true;
    while (!over) std::this_thread::sleep_for(1ms);
  }
};

TEST(ConcurrentLimitedThread, CallsComeBackInOrderWithTheirResults) {
  LimitedThread thread(10s);
  std::string text;
  for (int call = 0; call < 100; ++call) {
    ASSERT_TRUE(thread.run([&text, call] { text += std::to_string(call % 10); }, always));
    ASSERT_EQ(text.size(), static_cast<std::size_t>(call + 1));
  }
}

TEST(ConcurrentLimitedThread, WhatACallHoldsIsFreeWhenItIsBack) {
  LimitedThread thread(10s);
  const auto held = std::make_shared<int>(7);
  ASSERT_TRUE(thread.run([held] {}, always));
  EXPECT_EQ(held.use_count(), 1);
}

TEST(ConcurrentLimitedThread, OneThatIsLateIsLeftBehindAndTheNextCallGetsAnother) {
  LimitedThread thread(100ms);
  const auto endless = std::make_shared<Endless>();
  EXPECT_FALSE(thread.run([endless] { (*endless)(); }, always));
  EXPECT_TRUE(LimitedThread::any_left_behind());
  EXPECT_GT(endless.use_count(), 1) << "it keeps what it looks at";
  bool ran = false;
  EXPECT_TRUE(thread.run([&ran] { ran = true; }, always));
  EXPECT_TRUE(ran);
  endless->let_go();
}

TEST(ConcurrentLimitedThread, WaitingEndsWhenNobodyWantsToWait) {
  LimitedThread thread(0ms);  // for ever
  const auto endless = std::make_shared<Endless>();
  EXPECT_FALSE(thread.run([endless] { (*endless)(); }, [] { return false; }));
  endless->let_go();
}

}  // namespace
}  // namespace mighost
