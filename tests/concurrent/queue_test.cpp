#include "batch/queue.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

namespace mighost {
namespace {

using namespace std::chrono_literals;

TEST(BoundedQueue, DeliversInOrderAndEnds) {
  BoundedQueue<int> queue(100);
  ASSERT_TRUE(queue.push(1, 10));
  ASSERT_TRUE(queue.push(2, 10));
  queue.finish();
  EXPECT_EQ(queue.pop(), 1);
  EXPECT_EQ(queue.pop(), 2);
  EXPECT_EQ(queue.pop(), std::nullopt);
}

TEST(BoundedQueue, LetsOneHugeItemThroughWhenEmpty) {
  BoundedQueue<int> queue(10);
  ASSERT_TRUE(queue.push(1, 1000));
  EXPECT_EQ(queue.pop(), 1);
}

TEST(ConcurrentQueue, HoldsTheWriterBackAtItsBound) {
  BoundedQueue<int> queue(100);
  std::atomic<int> pushed{0};
  std::thread writer([&] {
    for (int item = 0; item < 50; ++item) {
      if (!queue.push(item, 30)) return;
      ++pushed;
    }
    queue.finish();
  });
  std::this_thread::sleep_for(50ms);
  EXPECT_EQ(pushed, 3);  // three items of 30 bytes fit into 100
  int sum = 0, count = 0;
  while (const auto item = queue.pop()) {
    sum += *item;
    ++count;
  }
  writer.join();
  EXPECT_EQ(count, 50);
  EXPECT_EQ(sum, 49 * 50 / 2);
}

TEST(ConcurrentQueue, CloseWakesBothSides) {
  BoundedQueue<int> full(10), empty(10);
  ASSERT_TRUE(full.push(1, 10));
  std::thread writer([&] { EXPECT_FALSE(full.push(2, 10)); });
  std::thread reader([&] { EXPECT_EQ(empty.pop(), std::nullopt); });
  std::this_thread::sleep_for(20ms);
  full.close();
  empty.close();
  writer.join();
  reader.join();
  EXPECT_EQ(full.pop(), std::nullopt);  // what was queued is dropped: the run has failed
}

}  // namespace
}  // namespace mighost
