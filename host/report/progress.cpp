#include "report/progress.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "report/log.hpp"
#include "report/progress_lines.hpp"
#include "report/screen.hpp"
#include "report/text.hpp"

namespace mighost {
namespace {

constexpr std::chrono::milliseconds repaint_interval{100};
constexpr std::chrono::seconds line_interval{10};

std::chrono::milliseconds usual_interval(Progress::Style style) {
  if (style == Progress::Style::lines) return line_interval;
  return repaint_interval;
}

ProgressMoment moment_of(const EntityProgress& entity, RateMeter& meter) {
  const auto passed = std::chrono::steady_clock::now() - entity.started;
  ProgressMoment moment;
  moment.name = entity.name;
  moment.rows = entity.rows.load(std::memory_order_relaxed);
  moment.expected_rows = entity.expected_rows;
  moment.seconds = std::chrono::duration<double>(passed).count();
  moment.rows_per_second = meter.update(moment.seconds, moment.rows);
  const char* activity = entity.activity.load(std::memory_order_relaxed);
  moment.activity = activity == nullptr ? "" : activity;
  return moment;
}

void log_moment(const ProgressMoment& moment) {
  const auto percent = percent_done(moment.rows, moment.expected_rows);
  const auto left = seconds_left(moment);
  log_info("progress", {{"entity", moment.name},
                        {"rows", std::to_string(moment.rows)},
                        {"percent", percent ? std::to_string(*percent) : "unknown"},
                        {"rows_per_second", rate_text(moment.rows_per_second)},
                        {"time_left", left ? duration_text(*left) : "unknown"},
                        {"activity", moment.activity}});
}

}  // namespace

// The run's threads hold the handles; the painter only watches them. A handle that is gone takes
// its line with it at the next look.
struct Progress::Painter {
  struct Watched {
    std::weak_ptr<EntityProgress> entity;
    RateMeter meter;
  };

  const Style style;
  Screen& screen;
  const std::chrono::milliseconds interval;

  std::mutex mutex;
  std::condition_variable wake;
  bool stopping = false;                             // guarded by mutex
  std::vector<std::weak_ptr<EntityProgress>> fresh;  // guarded by mutex
  std::vector<Watched> watched;                      // the thread's own
  std::thread thread;

  Painter(Style style_, Screen& screen_, std::chrono::milliseconds interval_)
      : style(style_), screen(screen_), interval(interval_), thread([this] { loop(); }) {}

  ~Painter() {
    {
      const std::lock_guard lock(mutex);
      stopping = true;
    }
    wake.notify_all();
    thread.join();
  }

  void loop() {
    std::unique_lock lock(mutex);
    while (!stopping) {
      if (watched.empty()) wake.wait(lock, [this] { return stopping || !fresh.empty(); });
      wake.wait_for(lock, interval, [this] { return stopping; });
      for (auto& entity : fresh) watched.push_back({std::move(entity), {}});
      fresh.clear();
      if (stopping) break;
      lock.unlock();
      look();
      lock.lock();
    }
    if (style == Style::terminal) screen.show({});
  }

  // Entities that are over in a blink never show up on a terminal; that is calmer.
  double shown_after_s() const {
    return style == Style::terminal ? 3 * std::chrono::duration<double>(interval).count() : 0;
  }

  void look() {
    std::vector<ProgressMoment> moments;
    std::vector<Watched> still;
    for (Watched& one : watched) {
      const auto entity = one.entity.lock();
      if (!entity) continue;
      ProgressMoment moment = moment_of(*entity, one.meter);
      still.push_back(std::move(one));
      if (moment.seconds >= shown_after_s()) moments.push_back(std::move(moment));
    }
    watched = std::move(still);
    if (style == Style::terminal) {
      screen.show(progress_lines(moments));
    } else {
      for (const ProgressMoment& moment : moments) log_moment(moment);
    }
  }
};

Progress::Progress(Style style)
    : Progress(style, Screen::standard_error(), usual_interval(style)) {}

Progress::Progress(Style style, Screen& screen, std::chrono::milliseconds interval)
    : painter_(style == Style::none ? nullptr
                                    : std::make_unique<Painter>(style, screen, interval)) {}

Progress::~Progress() = default;

std::shared_ptr<EntityProgress> Progress::start(std::string name, std::uint64_t expected_rows) {
  auto entity = std::make_shared<EntityProgress>();
  entity->name = std::move(name);
  entity->expected_rows = expected_rows;
  {
    const std::lock_guard lock(mutex_);
    const auto over = [](const auto& one) { return one.expired(); };
    started_.erase(std::remove_if(started_.begin(), started_.end(), over), started_.end());
    started_.push_back(entity);
  }
  if (painter_) {
    {
      const std::lock_guard lock(painter_->mutex);
      painter_->fresh.push_back(entity);
    }
    painter_->wake.notify_all();
  }
  return entity;
}

std::vector<ActiveEntity> Progress::active() const {
  std::vector<ActiveEntity> all;
  const std::lock_guard lock(mutex_);
  for (const auto& one : started_) {
    const auto entity = one.lock();
    if (!entity) continue;
    const char* doing = entity->activity.load(std::memory_order_relaxed);
    const auto passed = std::chrono::steady_clock::now() - entity->started;
    all.push_back({entity->name, entity->rows.load(std::memory_order_relaxed),
                   entity->expected_rows, std::chrono::duration<double>(passed).count(),
                   doing == nullptr ? "" : doing});
  }
  return all;
}

}  // namespace mighost
