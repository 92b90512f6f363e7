#pragma once
// How much memory the keys of all sets of a process may take together: a share of [load] memory.
// Who holds keys charges for them, and writes some out when the budget is overdrawn.
#include <atomic>
#include <cstddef>
#include <utility>

namespace mighost {

class KeyBudget {
 public:
  explicit KeyBudget(std::size_t limit) : limit_(limit) {}

  void set_limit(std::size_t bytes) { limit_ = bytes; }
  std::size_t limit() const { return limit_.load(std::memory_order_relaxed); }
  std::size_t used() const { return used_.load(std::memory_order_relaxed); }
  void charge(std::size_t before, std::size_t after) {
    // Unsigned, so that a difference below zero comes out right as well.
    used_.fetch_add(after - before, std::memory_order_relaxed);
  }

 private:
  std::atomic<std::size_t> limit_, used_{0};
};

/// The process's own; the run sets its limit. [any thread]
inline KeyBudget& key_budget() {
  static KeyBudget budget(std::size_t{32} << 20);
  return budget;
}

/// Bytes that are charged as long as their owner lives. A copy charges again.
class KeyCharge {
 public:
  explicit KeyCharge(KeyBudget& budget) : budget_(&budget) {}
  KeyCharge(const KeyCharge& other) : budget_(other.budget_) { set(other.bytes_); }
  KeyCharge& operator=(const KeyCharge&) = delete;
  ~KeyCharge() { set(0); }

  void set(std::size_t bytes) {
    budget_->charge(bytes_, bytes);
    bytes_ = bytes;
  }
  std::size_t bytes() const { return bytes_; }
  KeyBudget& budget() const { return *budget_; }
  void swap(KeyCharge& other) noexcept {
    std::swap(budget_, other.budget_);
    std::swap(bytes_, other.bytes_);
  }

 private:
  KeyBudget* budget_;
  std::size_t bytes_ = 0;
};

}  // namespace mighost
