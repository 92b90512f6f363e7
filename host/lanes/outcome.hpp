#pragma once
// How a run in scope chunk ended for the lanes of one process together.
#include <mutex>
#include <optional>

#include "report/error.hpp"
#include "report/run_report.hpp"

namespace mighost {

/// All functions: [any thread]
class CrewOutcome {
 public:
  /// The first trouble that ends the process's work is the one that is told.
  void stopped(const Error& error) {
    const std::lock_guard lock(mutex_);
    if (!error_) error_ = error;
  }
  /// One of our lanes has concluded the run, or was vetoed when it tried.
  void concluded(RunReport report) {
    const std::lock_guard lock(mutex_);
    report_ = std::move(report);
  }
  /// The run is over: concluded by whoever it was, or by us at a moment when the connection died.
  void over() {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }

  // Once the lanes have ended.
  const std::optional<Error>& error() const { return error_; }
  const std::optional<RunReport>& report() const { return report_; }
  bool is_over() const { return over_; }

 private:
  std::mutex mutex_;
  std::optional<Error> error_;
  std::optional<RunReport> report_;
  bool over_ = false;
};

}  // namespace mighost
