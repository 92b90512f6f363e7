#include "run/pipeline.hpp"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

#include "batch/queue.hpp"

namespace mighost {
namespace {

/// A row that no queue can hold goes through all stages before the next row is read, so that there
/// is one of its kind in memory and not one in each stage.
class HugeRowGate {
 public:
  explicit HugeRowGate(std::size_t queue_bytes) : queue_bytes_(queue_bytes) {}

  bool is_huge(const SourceBatch& batch) const {
    return batch.rows() == 1 && batch.memory() > queue_bytes_;
  }
  void wait_until_loaded() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return loaded_ || closed_; });
    loaded_ = false;
  }
  void loaded() {
    const std::lock_guard lock(mutex_);
    loaded_ = true;
    changed_.notify_all();
  }
  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
  }

 private:
  const std::size_t queue_bytes_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool loaded_ = false, closed_ = false;
};

/// Keeps the first failure of any stage and stops the others.
class Failure {
 public:
  Failure(std::atomic<bool>& cancelled, BoundedQueue<std::shared_ptr<SourceBatch>>& read,
          BoundedQueue<std::shared_ptr<LoadBatch>>& load, HugeRowGate& gate)
      : cancelled_(cancelled), read_(read), load_(load), gate_(gate) {}

  void keep(std::exception_ptr failure) noexcept {
    {
      const std::lock_guard lock(mutex_);
      if (!first_) first_ = std::move(failure);
    }
    cancelled_ = true;
    read_.close();
    load_.close();
    gate_.close();
  }

  void rethrow() {
    if (first_) std::rethrow_exception(first_);
  }

 private:
  std::mutex mutex_;
  std::exception_ptr first_;
  std::atomic<bool>& cancelled_;
  BoundedQueue<std::shared_ptr<SourceBatch>>& read_;
  BoundedQueue<std::shared_ptr<LoadBatch>>& load_;
  HugeRowGate& gate_;
};

}  // namespace

void run_pipeline(SourceReader& reader, TransformStage& transform, RowLoader& loader,
                  std::size_t queue_bytes, std::atomic<bool>& cancelled,
                  std::atomic<std::uint64_t>& rows_read, const std::function<void()>& when_read) {
  BoundedQueue<std::shared_ptr<SourceBatch>> to_transform(queue_bytes);
  BoundedQueue<std::shared_ptr<LoadBatch>> to_load(queue_bytes);
  HugeRowGate gate(queue_bytes);
  Failure failure(cancelled, to_transform, to_load, gate);

  std::thread reading([&] {
    try {
      reader.read([&](std::shared_ptr<SourceBatch> batch) {
        const std::size_t bytes = batch->memory();
        const bool huge = gate.is_huge(*batch);
        if (!to_transform.push(std::move(batch), bytes)) return false;
        if (huge) gate.wait_until_loaded();
        return true;
      });
      to_transform.finish();
      if (when_read && !cancelled) when_read();
    } catch (...) {
      failure.keep(std::current_exception());
    }
  });
  std::thread writing([&] {
    try {
      while (auto batch = to_load.pop()) {
        const bool huge = gate.is_huge(*(*batch)->source);
        loader.add(std::move(*batch));
        if (huge) gate.loaded();
      }
      if (!cancelled) loader.finish();
    } catch (...) {
      failure.keep(std::current_exception());
    }
  });
  try {
    while (auto batch = to_transform.pop()) {
      auto load = transform.process(*batch);
      rows_read += (*batch)->rows();
      const std::size_t bytes = load->memory();
      // The loader alone says how long a row stays.
      batch->reset();
      if (!to_load.push(std::move(load), bytes)) break;
    }
    if (!cancelled) transform.finish();
    to_load.finish();
  } catch (...) {
    failure.keep(std::current_exception());
  }
  reading.join();
  writing.join();
  failure.rethrow();
}

}  // namespace mighost
