#include "run/pipeline.hpp"

#include <exception>
#include <mutex>
#include <thread>

#include "batch/queue.hpp"

namespace mighost {
namespace {

/// Keeps the first failure of any stage and stops the others.
class Failure {
 public:
  Failure(std::atomic<bool>& cancelled, BoundedQueue<std::shared_ptr<SourceBatch>>& read,
          BoundedQueue<std::shared_ptr<LoadBatch>>& load)
      : cancelled_(cancelled), read_(read), load_(load) {}

  void keep(std::exception_ptr failure) noexcept {
    {
      const std::lock_guard lock(mutex_);
      if (!first_) first_ = std::move(failure);
    }
    cancelled_ = true;
    read_.close();
    load_.close();
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
};

}  // namespace

void run_pipeline(SourceReader& reader, TransformStage& transform, RowLoader& loader,
                  std::size_t queue_bytes, std::atomic<bool>& cancelled,
                  std::atomic<std::uint64_t>& rows_read) {
  BoundedQueue<std::shared_ptr<SourceBatch>> to_transform(queue_bytes);
  BoundedQueue<std::shared_ptr<LoadBatch>> to_load(queue_bytes);
  Failure failure(cancelled, to_transform, to_load);

  std::thread reading([&] {
    try {
      reader.read([&](std::shared_ptr<SourceBatch> batch) {
        const std::size_t bytes = batch->memory();
        return to_transform.push(std::move(batch), bytes);
      });
      to_transform.finish();
    } catch (...) {
      failure.keep(std::current_exception());
    }
  });
  std::thread writing([&] {
    try {
      while (auto batch = to_load.pop()) loader.add(std::move(*batch));
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
