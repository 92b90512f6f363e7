#pragma once
// What each consumer gets of `[load] memory`: the batches, queues and kept rows of every lane, and
// the keys that all lanes share. A lane is one reader, transformer and writer; a run in one
// transaction has one.
#include <cstddef>
#include <cstdint>

#include "config/run_config.hpp"

namespace mighost {

struct MemoryShares {
  std::size_t batch_bytes = 0;    // of rows as they were read; one row may be larger by itself
  std::size_t queue_bytes = 0;    // each of the two queues of a lane
  std::size_t segment_bytes = 0;  // rows that a lane keeps until the server has taken them
  std::size_t record_bytes = 0;   // records for the ledger that a lane gathers between two COPYs
  std::size_t key_bytes = 0;      // keys that are no integers, of the whole process
};

/// `batch_bytes` and `queue_bytes` of the file go before their shares.
MemoryShares memory_shares(const LoadConfig& load, std::uint32_t lanes = 1);

/// The smallest `memory` in which so many lanes can work with the sizes that the file gives, in
/// whole MiB.
std::uint64_t least_memory(const LoadConfig& load, std::uint32_t lanes = 1);

}  // namespace mighost
