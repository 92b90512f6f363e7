#include "validate/limited_thread.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>

namespace mighost {
namespace {

using LimitClock = std::chrono::steady_clock;

// How often the caller looks up from waiting.
constexpr std::chrono::milliseconds look_up{50};

std::atomic<bool> left_behind{false};

}  // namespace

/// Where the caller puts a call, and the thread says that it is done.
struct LimitedThread::Desk {
  std::mutex mutex;
  std::condition_variable given, done;
  std::function<void()> work;
  bool busy = false, closed = false;

  void serve() {
    std::unique_lock lock(mutex);
    while (true) {
      given.wait(lock, [this] { return closed || work; });
      if (!work) return;
      std::function<void()> mine = std::move(work);
      work = nullptr;
      lock.unlock();
      mine();
      mine = nullptr;  // what it holds is free before the caller goes on
      lock.lock();
      busy = false;
      done.notify_one();
    }
  }

  void close() {
    const std::lock_guard lock(mutex);
    closed = true;
    given.notify_one();
  }
};

LimitedThread::~LimitedThread() {
  if (!thread_.joinable()) return;
  desk_->close();
  thread_.join();
}

void LimitedThread::start() {
  if (thread_.joinable()) return;
  desk_ = std::make_shared<Desk>();
  thread_ = std::thread([desk = desk_] { desk->serve(); });
}

void LimitedThread::leave_behind() {
  left_behind = true;
  desk_->close();  // should it come back after all, it goes home
  thread_.detach();
  desk_.reset();
}

bool LimitedThread::run(std::function<void()> work, const std::function<bool()>& wait_on) {
  start();
  const auto begun = LimitClock::now();
  std::unique_lock lock(desk_->mutex);
  desk_->work = std::move(work);
  desk_->busy = true;
  desk_->given.notify_one();
  while (!desk_->done.wait_for(lock, look_up, [this] { return !desk_->busy; })) {
    lock.unlock();
    const bool late = limit_.count() > 0 && LimitClock::now() - begun > limit_;
    if (late || !wait_on()) {
      leave_behind();
      return false;
    }
    lock.lock();
  }
  return true;
}

bool LimitedThread::any_left_behind() { return left_behind; }

}  // namespace mighost
