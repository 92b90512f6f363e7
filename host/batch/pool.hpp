#pragma once
// Batches that are used again. Memory fresh from the system costs a page fault every 4 KiB, which
// a stream of batches would pay for each of them.
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace mighost {

/// Holds as many objects as were ever in use at once, until it and the last of them are gone.
template <class Object>
class Pool {
 public:
  /// A spare object, or what `make` makes. When its last owner lets go of it, in whatever thread,
  /// Object::clear() is called and it is spare again. [any thread]
  template <class Make>
  std::shared_ptr<Object> lend(Make make) {
    std::unique_ptr<Object> object = spares_->take();
    if (object == nullptr) object = make();
    return {object.release(), [spares = spares_](Object* used) noexcept {
              used->clear();
              spares->give(std::unique_ptr<Object>(used));
            }};
  }

 private:
  class Spares {
   public:
    std::unique_ptr<Object> take() {
      const std::lock_guard lock(mutex_);
      if (objects_.empty()) return nullptr;
      std::unique_ptr<Object> object = std::move(objects_.back());
      objects_.pop_back();
      return object;
    }
    void give(std::unique_ptr<Object> object) {
      const std::lock_guard lock(mutex_);
      objects_.push_back(std::move(object));
    }

   private:
    std::mutex mutex_;
    std::vector<std::unique_ptr<Object>> objects_;
  };
  std::shared_ptr<Spares> spares_ = std::make_shared<Spares>();
};

}  // namespace mighost
