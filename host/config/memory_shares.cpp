#include "config/memory_shares.hpp"

#include <algorithm>

namespace mighost {
namespace {

constexpr std::uint64_t one_mib = 1ULL << 20;
// A share is a number of units. Larger batches than 1 MiB move rows no faster: they only leave the
// processor's caches. Smaller ones than 64 KiB cost more in the handing over than in the rows.
constexpr std::uint64_t unit_max = one_mib, unit_min = 64 << 10;
constexpr std::uint64_t queue_units = 4, segment_units = 8;
// In flight beside the queues and the segment: a batch in the hands of each of the three stages,
// rows and what was made of them, and records.
constexpr std::uint64_t batches_in_hand = 4, record_units = 2;
constexpr std::uint64_t key_divisor = 4;

std::uint64_t unit_of(const LoadConfig& load, std::uint32_t lanes) {
  const std::uint64_t parts = std::max<std::uint64_t>(128, std::uint64_t{64} * lanes);
  return std::clamp(load.memory / parts, unit_min, unit_max);
}

/// What a lane may take when everything is full.
std::uint64_t lane_bytes(const LoadConfig& load, std::uint64_t unit) {
  return batches_in_hand * load.batch_bytes.value_or(unit) +
         2 * load.queue_bytes.value_or(queue_units * unit) + (segment_units + record_units) * unit;
}

}  // namespace

MemoryShares memory_shares(const LoadConfig& load, std::uint32_t lanes) {
  const std::uint64_t unit = unit_of(load, lanes);
  MemoryShares shares;
  shares.batch_bytes = load.batch_bytes.value_or(unit);
  shares.queue_bytes = load.queue_bytes.value_or(queue_units * unit);
  shares.segment_bytes = segment_units * unit;
  shares.record_bytes = unit;
  shares.key_bytes = load.memory / key_divisor;
  return shares;
}

std::uint64_t least_memory(const LoadConfig& load, std::uint32_t lanes) {
  // The lanes may fill what the keys leave of it. A batch that the file gives has to fit beside the
  // smallest of everything else.
  const std::uint64_t needed = lanes * lane_bytes(load, unit_min);
  const std::uint64_t whole = needed + needed / (key_divisor - 1);
  return std::max(memory_min, (whole + one_mib - 1) / one_mib * one_mib);
}

}  // namespace mighost
