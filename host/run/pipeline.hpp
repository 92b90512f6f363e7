#pragma once
// Three stages at once: a thread reads the source, the caller's thread transforms, a thread writes
// the target. Between them stand queues bounded in bytes. The first failure stops all three.
#include <atomic>
#include <cstdint>
#include <functional>

#include "run/row_loader.hpp"
#include "run/source_reader.hpp"
#include "run/transform_stage.hpp"

namespace mighost {

/// `rows_read` is updated for the progress display. `when_read` is called by the reading thread
/// when the source has given its last row, while the others are at work; the source session is its
/// own then. Rethrows the first failure; both sessions are then unusable for more data.
void run_pipeline(SourceReader& reader, TransformStage& transform, RowLoader& loader,
                  std::size_t queue_bytes, std::atomic<bool>& cancelled,
                  std::atomic<std::uint64_t>& rows_read,
                  const std::function<void()>& when_read = nullptr);

}  // namespace mighost
