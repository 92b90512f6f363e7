#include "run/watcher.hpp"

#include <chrono>

#include "run/run.hpp"

namespace mighost {

Watcher::Watcher(std::atomic<bool>& cancelled, std::vector<Session*> sessions)
    : thread_([this, &cancelled, sessions = std::move(sessions)] {
        using namespace std::chrono_literals;
        while (!stop_) {
          if (interrupted) {
            cancelled = true;
            // Again and again: a statement may start just after the last cancel.
            for (Session* session : sessions) session->cancel();
          }
          std::this_thread::sleep_for(interrupted ? 100ms : 50ms);
        }
      }) {}

Watcher::~Watcher() {
  stop_ = true;
  thread_.join();
}

}  // namespace mighost
