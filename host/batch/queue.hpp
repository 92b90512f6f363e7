#pragma once
// A queue between two stages, bounded in bytes. One huge item is let through when the queue is
// empty, so that a row larger than the bound is slow and not stuck.
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace mighost {

template <class Item>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  /// Waits for room. False: the queue is closed and the item is dropped.
  bool push(Item item, std::size_t bytes) {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [&] { return closed_ || items_.empty() || bytes_ + bytes <= bytes_max_; });
    if (closed_) return false;
    bytes_ += bytes;
    items_.emplace_back(std::move(item), bytes);
    ready_.notify_one();
    return true;
  }

  /// Waits for an item. Nothing: finished and drained, or closed.
  std::optional<Item> pop() {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [&] { return closed_ || finished_ || !items_.empty(); });
    if (closed_ || items_.empty()) return std::nullopt;
    auto [item, bytes] = std::move(items_.front());
    items_.pop_front();
    bytes_ -= bytes;
    room_.notify_one();
    return std::move(item);
  }

  /// No more items will come; what is queued is still delivered.
  void finish() {
    const std::lock_guard lock(mutex_);
    finished_ = true;
    ready_.notify_all();
  }

  /// Something failed: both sides return at once.
  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    items_.clear();
    ready_.notify_all();
    room_.notify_all();
  }

 private:
  const std::size_t bytes_max_;
  std::mutex mutex_;
  std::condition_variable ready_, room_;
  std::deque<std::pair<Item, std::size_t>> items_;
  std::size_t bytes_ = 0;
  bool finished_ = false, closed_ = false;
};

}  // namespace mighost
