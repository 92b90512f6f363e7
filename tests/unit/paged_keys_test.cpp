// The paging set of keys against std::set, in memory and far beyond it.
#include "batch/paged_keys.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "batch/key_set.hpp"
#include "report/error.hpp"

namespace mighost {
namespace {

std::string uuid_bytes(std::uint64_t number) {
  std::mt19937_64 random(number);
  const std::uint64_t halves[] = {random(), random()};
  return {reinterpret_cast<const char*>(halves), sizeof halves};
}

std::vector<std::string> keys_of(const PagedKeys& keys) {
  std::vector<std::string> all;
  keys.for_each([&](std::string_view key) { all.emplace_back(key); });
  return all;
}

std::vector<std::string> keys_of(const std::set<std::string>& keys) {
  return {keys.begin(), keys.end()};
}

/// Random texts, of which some are empty, some huge, and most come up again.
std::string random_key(std::mt19937_64& random) {
  const std::uint64_t number = random() % 6000;
  if (number == 0) return {};
  if (number < 4) return std::string(20'000 * number, 'x');
  if (number % 2 == 0) return "key " + std::to_string(number);
  return uuid_bytes(number);
}

/// Adds, removes and asks the same of both; they must agree at every step.
void compare_with_set(std::size_t limit, unsigned seed, std::size_t steps, std::size_t& runs) {
  KeyBudget budget(limit);
  {
    PagedKeys keys(budget);
    std::set<std::string> expected;
    std::mt19937_64 random(seed);
    for (std::size_t step = 0; step < steps; ++step) {
      const std::string key = random_key(random);
      switch (random() % 8) {
        case 0:
        case 1:
          ASSERT_EQ(keys.remove(key), expected.erase(key) == 1) << step;
          break;
        case 2:
        case 3:
          ASSERT_EQ(keys.contains(key), expected.contains(key)) << step;
          break;
        default:
          ASSERT_EQ(keys.add(key), expected.insert(key).second) << step;
      }
      ASSERT_EQ(keys.size(), expected.size()) << step;
    }
    EXPECT_EQ(keys_of(keys), keys_of(expected));
    runs = keys.runs();
    EXPECT_GE(budget.used(), keys.table_bytes());
  }
  EXPECT_EQ(budget.used(), 0U);
}

TEST(PagedKeys, AgreeWithASetWhereEverythingFitsInMemory) {
  std::size_t runs = 0;
  compare_with_set(std::size_t{64} << 20, 1, 50'000, runs);
  EXPECT_EQ(runs, 0U);
}

TEST(PagedKeys, AgreeWithASetWhereNearlyNothingFitsInMemory) {
  for (const unsigned seed : {2U, 3U, 4U}) {
    std::size_t runs = 0;
    compare_with_set(32 << 10, seed, 50'000, runs);
    EXPECT_GT(runs, 1U);
    EXPECT_LT(runs, 40U) << "runs are merged";
  }
}

TEST(PagedKeys, ForgetAKeyThatIsOnDiskAndTakeItAgain) {
  KeyBudget budget(16 << 10);
  PagedKeys keys(budget);
  for (std::uint64_t number = 0; number < 2000; ++number) keys.add(uuid_bytes(number));
  ASSERT_GT(keys.runs(), 0U);
  EXPECT_TRUE(keys.remove(uuid_bytes(0)));
  EXPECT_FALSE(keys.contains(uuid_bytes(0)));
  EXPECT_FALSE(keys.remove(uuid_bytes(0)));
  // The word that it is gone goes to disk as well, and through every merge.
  for (std::uint64_t number = 2000; number < 20'000; ++number) keys.add(uuid_bytes(number));
  EXPECT_FALSE(keys.contains(uuid_bytes(0)));
  EXPECT_EQ(keys.size(), 19'999U);
  EXPECT_TRUE(keys.add(uuid_bytes(0)));
  EXPECT_TRUE(keys.contains(uuid_bytes(0)));
}

TEST(PagedKeys, AreIndependentOfTheirCopies) {
  KeyBudget budget(16 << 10);
  PagedKeys keys(budget);
  for (std::uint64_t number = 0; number < 1000; ++number) keys.add(uuid_bytes(number));
  PagedKeys copy = keys;
  EXPECT_TRUE(copy.remove(uuid_bytes(1)));
  EXPECT_TRUE(copy.add(uuid_bytes(1000)));
  for (std::uint64_t number = 2000; number < 3000; ++number) copy.add(uuid_bytes(number));
  EXPECT_TRUE(keys.contains(uuid_bytes(1)));
  EXPECT_FALSE(keys.contains(uuid_bytes(1000)));
  EXPECT_EQ(keys.size(), 1000U);
  const PagedKeys moved = std::move(copy);
  EXPECT_EQ(moved.size(), 2000U);
  keys = moved;
  EXPECT_EQ(keys.size(), 2000U);
  EXPECT_TRUE(keys.contains(uuid_bytes(2999)));
}

TEST(PagedKeys, ShareOneBudget) {
  KeyBudget budget(1 << 20);
  PagedKeys idle(budget), busy(budget);
  // Less than a quarter of the budget each: these stay in memory.
  for (std::uint64_t number = 0; number < 4000; ++number) idle.add(uuid_bytes(number));
  EXPECT_EQ(idle.runs(), 0U);
  for (std::uint64_t number = 0; number < 100'000; ++number) busy.add(uuid_bytes(number));
  EXPECT_GT(busy.runs(), 0U);
  EXPECT_LE(busy.table_bytes(), budget.limit() / 4);
  EXPECT_LE(budget.used(), budget.limit());
}

TEST(PagedKeys, SayWhatToDoWhenTheTemporaryDirectoryIsNotThere) {
  KeyBudget budget(16 << 10);
  PagedKeys keys(budget);
  const char* before = std::getenv("TMPDIR");
  const std::string kept = before == nullptr ? "" : before;
  setenv("TMPDIR", "/nonexistent/mighost", 1);
  try {
    for (std::uint64_t number = 0; number < 2000; ++number) keys.add(uuid_bytes(number));
    ADD_FAILURE() << "nothing was written";
  } catch (const Error& error) {
    EXPECT_EQ(error.exit(), Exit::failed);
    EXPECT_EQ(error.message(),
              "no temporary file can be made for keys that do not fit in memory: No such file or "
              "directory");
    EXPECT_EQ(error.where(), "/nonexistent/mighost");
    EXPECT_NE(error.next().find("TMPDIR"), std::string::npos);
  }
  before == nullptr ? unsetenv("TMPDIR") : setenv("TMPDIR", kept.c_str(), 1);
}

TEST(PagedKeys, SayWhatToDoWhenTheDiskIsFull) {
  KeyBudget budget(16 << 10);
  PagedKeys keys(budget);
  // A limit on the size of files refuses a write as a full disk does.
  rlimit limit{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &limit), 0);
  const rlimit small{1000, limit.rlim_max};
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  std::string message, next;
  try {
    for (std::uint64_t number = 0; number < 2000; ++number) keys.add(uuid_bytes(number));
  } catch (const Error& error) {
    message = error.message();
    next = error.next();
  }
  setrlimit(RLIMIT_FSIZE, &limit);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(message,
            "keys that do not fit in memory cannot be written to a temporary file: File too large");
  EXPECT_NE(next.find("TMPDIR"), std::string::npos);
}

TEST(ReleaseOnlyPagedKeys, TakeTheBudgetAndTwoBytesForEachKeyBehindIt) {
  constexpr std::uint64_t count = 2'000'000;
  KeyBudget budget(std::size_t{8} << 20);
  PagedKeys keys(budget);
  std::size_t most = 0;
  for (std::uint64_t number = 0; number < count; ++number) {
    ASSERT_TRUE(keys.add(uuid_bytes(number)));
    most = std::max(most, budget.used());
  }
  // While runs are merged, their filters and the new one stand side by side.
  EXPECT_LE(most, budget.limit() / 2 + 2 * 2 * count);
  EXPECT_LE(budget.used(), budget.limit() / 2 + 2 * count);
  for (std::uint64_t number = 0; number < count; number += 7) {
    ASSERT_TRUE(keys.contains(uuid_bytes(number)));
    ASSERT_FALSE(keys.contains(uuid_bytes(count + number)));
  }
}

TEST(KeySet, KeepsTextsAndUuidsExactWhereNothingFitsInMemory) {
  KeyBudget budget(16 << 10);
  KeySet set(budget);
  std::set<std::string> expected;
  std::mt19937_64 random(5);
  for (int step = 0; step < 20'000; ++step) {
    const std::uint64_t number = random() % 3000;
    char id[37];
    std::snprintf(id, sizeof id, "%08x-0000-4000-8000-%012llx", static_cast<unsigned>(number * 77),
                  static_cast<unsigned long long>(number));
    const std::string text = number % 3 == 0 ? id : "name/" + std::to_string(number);
    const LegacyKey key{false, 0, text};
    if (random() % 4 == 0) {
      set.remove(key);
      expected.erase(text);
    } else {
      ASSERT_EQ(set.add(key), expected.insert(text).second);
    }
    ASSERT_EQ(set.contains(key), expected.contains(text));
  }
  EXPECT_EQ(set.size(), expected.size());
  KeySet plain;
  for (const std::string& text : expected) plain.add({false, 0, text});
  EXPECT_EQ(set.encode(), plain.encode());
  KeySet united(budget);
  united.add_all(KeySet::decode(set.encode()));
  for (const std::string& text : expected) EXPECT_TRUE(united.contains({false, 0, text}));
  EXPECT_EQ(united.size(), expected.size());
}

}  // namespace
}  // namespace mighost
