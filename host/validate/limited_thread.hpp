#pragma once
// A thread for calls into code that may never come back. A thread cannot be stopped from outside,
// so one that is late is left behind, with everything that its call holds, until the program ends.
#include <chrono>
#include <functional>
#include <memory>
#include <thread>

namespace mighost {

class LimitedThread {
 public:
  /// `limit` of each call; 0: none.
  explicit LimitedThread(std::chrono::milliseconds limit) : limit_(limit) {}
  ~LimitedThread();
  LimitedThread(const LimitedThread&) = delete;
  LimitedThread& operator=(const LimitedThread&) = delete;

  /// Runs `work`, which must not throw, on the thread and waits for it; `wait_on` is asked now and
  /// then whether that is still wanted. False: it is late, and the next call gets a new thread.
  /// What `work` touches must then outlive this object: let it hold shared pointers.
  bool run(std::function<void()> work, const std::function<bool()>& wait_on);

  /// A thread was left behind: this process must end by _exit, because it may use what others tidy
  /// up. [any thread]
  static bool any_left_behind();

 private:
  struct Desk;
  void start();
  void leave_behind();

  std::chrono::milliseconds limit_;
  std::shared_ptr<Desk> desk_;
  std::thread thread_;
};

}  // namespace mighost
