#include "report/progress.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <fstream>
#include <thread>

#include "report/log.hpp"
#include "report/progress_lines.hpp"
#include "report/screen.hpp"

namespace mighost {
namespace {

using namespace std::chrono_literals;

TEST(Progress, PercentIsNeverFinishedTooEarly) {
  EXPECT_EQ(percent_done(5, 0), std::nullopt) << "nothing is expected";
  EXPECT_EQ(percent_done(0, 1'000), 0U);
  EXPECT_EQ(percent_done(455, 1'000), 45U);
  EXPECT_EQ(percent_done(9'999'999, 10'000'000), 99U);
  EXPECT_EQ(percent_done(1'000, 1'000), 100U);
  EXPECT_EQ(percent_done(1'001, 1'000), std::nullopt) << "the estimate was too low";
}

TEST(Progress, TimeLeft) {
  ProgressMoment moment;
  moment.rows = 400;
  moment.expected_rows = 1'000;
  EXPECT_EQ(seconds_left(moment), std::nullopt) << "no rate yet";
  moment.rows_per_second = 100;
  EXPECT_DOUBLE_EQ(seconds_left(moment).value(), 6);
  moment.rows = 1'000;
  EXPECT_EQ(seconds_left(moment), std::nullopt);
  moment.expected_rows = 0;
  EXPECT_EQ(seconds_left(moment), std::nullopt);
}

TEST(Progress, RateFollowsWithoutJumps) {
  RateMeter meter;
  EXPECT_EQ(meter.update(0.1, 500), 0) << "too early to say";
  EXPECT_DOUBLE_EQ(meter.update(1, 1'000), 1'000);
  EXPECT_DOUBLE_EQ(meter.update(1.2, 5'000), 1'000) << "not measured again so soon";
  double rate = 0;
  for (int second = 2; second <= 4; ++second) {
    rate = meter.update(second, 1'000 + 2'000 * static_cast<std::uint64_t>(second - 1));
  }
  EXPECT_GT(rate, 1'300);
  EXPECT_LT(rate, 2'000);
  for (int second = 5; second <= 60; ++second) rate = meter.update(second, 7'000);
  EXPECT_EQ(rate, 0) << "nothing moves any more";
}

TEST(Progress, LinesAreAligned) {
  ProgressMoment orders{"core.orders", 123'456, 1'234'567, 98'765.4, 1.2, "reading"};
  ProgressMoment offices{"core.offices", 1, 0, 0, 75, "building indexes"};
  EXPECT_EQ(progress_lines({orders, offices}),
            (std::vector<std::string>{
                "core.orders     123,456 rows  9 %  98,765 rows/s  ETA 11 s  reading",
                "core.offices          1 row                           1:15  building indexes"}));
  EXPECT_TRUE(progress_lines({}).empty());
}

// A file that a screen writes to.
class ScreenFile {
 public:
  ScreenFile() {
    path_ = testing::TempDir() + "mighost-screen-XXXXXX";
    descriptor_ = mkstemp(path_.data());
    EXPECT_GE(descriptor_, 0);
  }
  ~ScreenFile() {
    close(descriptor_);
    unlink(path_.c_str());
  }
  ScreenFile(const ScreenFile&) = delete;
  ScreenFile& operator=(const ScreenFile&) = delete;

  int descriptor() const { return descriptor_; }
  std::string text() const {
    std::ifstream stream(path_);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  bool shows_soon(const std::string& wanted) const {
    for (int i = 0; i < 500; ++i) {
      if (text().find(wanted) != std::string::npos) return true;
      std::this_thread::sleep_for(10ms);
    }
    return false;
  }

 private:
  std::string path_;
  int descriptor_ = -1;
};

TEST(ConcurrentProgress, ShowsActiveEntitiesAndRemovesThemWhenReleased) {
  const ScreenFile file;
  Screen screen(file.descriptor());
  {
    Progress progress(Progress::Style::terminal, screen, 5ms);
    auto offices = progress.start("core.offices", 1'000);
    offices->rows = 10;
    EXPECT_TRUE(file.shows_soon("core.offices     10 rows  1 %"));
    auto orders = progress.start("core.orders", 0);
    orders->activity = "checking";
    EXPECT_TRUE(file.shows_soon("core.orders       0 rows"));
    EXPECT_TRUE(file.shows_soon("checking"));
    offices.reset();
    // Painted over two lines, and the first of them is gone.
    EXPECT_TRUE(file.shows_soon("\x1b[2A\rcore.orders  0 rows  "));
  }
  EXPECT_TRUE(file.text().ends_with("\x1b[1A\r\x1b[J")) << "nothing stays behind";
}

TEST(ConcurrentProgress, ManyWritersOnePainter) {
  const ScreenFile file;
  Screen screen(file.descriptor());
  Progress progress(Progress::Style::terminal, screen, 1ms);
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&progress, &screen, t] {
      for (int i = 0; i < 50; ++i) {
        const auto entity = progress.start("core.e" + std::to_string(t), 100);
        for (int row = 0; row < 100; ++row) entity->rows.fetch_add(1, std::memory_order_relaxed);
        entity->activity = "checking";
        screen.print("done\n");
      }
    });
  }
}

TEST(ConcurrentProgress, EndsAtOnce) {
  const ScreenFile file;
  Screen screen(file.descriptor());
  const auto begin = std::chrono::steady_clock::now();
  {
    Progress progress(Progress::Style::lines, screen, 1h);
    const auto entity = progress.start("core.orders", 0);
    std::this_thread::sleep_for(20ms);
  }
  { const Progress idle(Progress::Style::terminal); }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 2s);
  EXPECT_EQ(file.text(), "");
}

TEST(ConcurrentProgress, LinesStyleLogsOneLinePerEntity) {
  setup_log({});
  testing::internal::CaptureStderr();
  {
    Progress progress(Progress::Style::lines, Screen::standard_error(), 20ms);
    const auto entity = progress.start("core.orders", 200);
    entity->rows = 50;
    std::this_thread::sleep_for(500ms);
  }
  const std::string text = testing::internal::GetCapturedStderr();
  EXPECT_NE(text.find("info  progress  entity=core.orders rows=50 percent=25 "), std::string::npos)
      << text;
  EXPECT_NE(text.find("activity=reading\n"), std::string::npos) << text;
  EXPECT_EQ(text.find('\x1b'), std::string::npos) << "no cursor movement without a terminal";
}

TEST(Progress, StyleNoneStaysSilent) {
  testing::internal::CaptureStderr();
  {
    Progress progress(Progress::Style::none);
    const auto entity = progress.start("core.orders", 200);
    ASSERT_NE(entity, nullptr);
    EXPECT_EQ(entity->name, "core.orders");
    EXPECT_EQ(entity->expected_rows, 200U);
    entity->rows = 5;
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace mighost
