// A paging set of keys that is complete may be asked by any thread, also for what is on disk.
#include "batch/paged_keys.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace mighost {
namespace {

std::string key_number(std::uint64_t number) { return "key " + std::to_string(number * 7919); }

TEST(ConcurrentPagedKeys, AreReadByManyThreads) {
  KeyBudget budget(16 << 10);
  PagedKeys keys(budget);
  for (std::uint64_t number = 0; number < 20'000; number += 2) keys.add(key_number(number));
  const PagedKeys& finished = keys;
  std::vector<std::thread> readers;
  std::atomic<std::uint64_t> wrong{0};
  for (int reader = 0; reader < 4; ++reader) {
    readers.emplace_back([&] {
      for (std::uint64_t number = 0; number < 20'000; ++number) {
        if (finished.contains(key_number(number)) != (number % 2 == 0)) ++wrong;
      }
    });
  }
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(wrong, 0U);
}

}  // namespace
}  // namespace mighost
