// Batches that are used again: cleared, by whichever thread let go of them, and freed at the end.
#include "batch/pool.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>

namespace mighost {
namespace {

struct Counted {
  explicit Counted(int& alive_) : alive(alive_) { ++alive; }
  ~Counted() { --alive; }
  void clear() noexcept { text.clear(); }
  int& alive;
  std::string text;
};

TEST(Pool, LendsWhatCameBackClearedAndMakesNoMoreThanAreInUse) {
  int alive = 0;
  {
    Pool<Counted> pool;
    const auto make = [&] { return std::make_unique<Counted>(alive); };
    std::shared_ptr<Counted> first = pool.lend(make);
    std::shared_ptr<Counted> second = pool.lend(make);
    const Counted* const address = first.get();
    first->text = "rows";
    std::thread([gone = std::move(first)]() mutable { gone.reset(); }).join();
    const std::shared_ptr<Counted> again = pool.lend(make);
    EXPECT_EQ(again.get(), address);
    EXPECT_EQ(again->text, "");
    EXPECT_EQ(alive, 2);
  }
  EXPECT_EQ(alive, 0);
}

TEST(Pool, MayGoBeforeWhatItLent) {
  int alive = 0;
  std::shared_ptr<Counted> last;
  {
    Pool<Counted> pool;
    last = pool.lend([&] { return std::make_unique<Counted>(alive); });
  }
  last->text = "still there";
  EXPECT_EQ(alive, 1);
  last.reset();
  EXPECT_EQ(alive, 0);
}

}  // namespace
}  // namespace mighost
