#include "run/watcher.hpp"

#include <chrono>

#include "run/run.hpp"

namespace mighost {

Watcher::Watcher(std::atomic<bool>& cancelled, std::vector<Session*> sessions)
    : thread_([this, &cancelled, sessions = std::move(sessions)] {
        using namespace std::chrono_literals;
        std::unique_lock lock(mutex_);
        while (!ends_.wait_for(lock, interrupted ? 100ms : 50ms, [this] { return stop_; })) {
          if (!interrupted) continue;
          cancelled = true;
          // Again and again: a statement may start just after the last cancel.
          for (Session* session : sessions) session->cancel();
        }
      }) {}

Watcher::~Watcher() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  ends_.notify_one();
  thread_.join();
}

}  // namespace mighost
