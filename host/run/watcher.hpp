#pragma once
// Turns an interrupt into cancelled statements: a stage that waits for a server cannot look at a
// flag.
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "pg/session.hpp"

namespace mighost {

class Watcher {
 public:
  /// Watches `interrupted` (run.hpp) until destroyed. The sessions must outlive it.
  Watcher(std::atomic<bool>& cancelled, std::vector<Session*> sessions);
  ~Watcher();
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

 private:
  std::mutex mutex_;
  std::condition_variable ends_;
  bool stop_ = false;
  std::thread thread_;  // the last member: it uses the others
};

}  // namespace mighost
