#pragma once
// Live progress: run/ updates the numbers, a painter on a terminal shows one calm line per active
// entity (rows, rate, ETA); without a terminal a plain line is logged now and then. Painting never
// blocks the run.
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace mighost {

class Screen;

/// The numbers of one active entity. Written by the run's threads, read by the painter. [any
/// thread]
struct EntityProgress {
  std::string name;
  std::atomic<std::uint64_t> expected_rows{0};  // 0: unknown
  std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
  std::atomic<std::uint64_t> rows{0};
  std::atomic<const char*> activity{
      "reading"};  // constant text: "reading", "building indexes", "checking"
};

/// The same at one moment.
struct ActiveEntity {
  std::string name;
  std::uint64_t rows = 0;
  std::uint64_t expected_rows = 0;  // 0: unknown
  double seconds = 0;               // since it began
  std::string doing;
};

class Progress {
 public:
  enum class Style { none, terminal, lines };
  explicit Progress(Style style);
  /// For tests: another screen and another pace. The screen must outlive this object.
  Progress(Style style, Screen& screen, std::chrono::milliseconds interval);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Shows the entity until the returned handle is released.
  std::shared_ptr<EntityProgress> start(std::string name, std::uint64_t expected_rows);

  /// What is being worked on now, whatever the style. [any thread]
  std::vector<ActiveEntity> active() const;

 private:
  struct Painter;
  std::unique_ptr<Painter> painter_;
  mutable std::mutex mutex_;
  std::vector<std::weak_ptr<EntityProgress>> started_;  // guarded by mutex_
};

}  // namespace mighost
