// How `[load] memory` is cut up: by the rule that all lanes and the keys fit into it together.
#include "config/memory_shares.hpp"

#include <gtest/gtest.h>

namespace mighost {
namespace {

constexpr std::uint64_t a_mib = 1 << 20;

LoadConfig load_with(std::uint64_t memory) {
  LoadConfig load;
  load.memory = memory;
  return load;
}

/// What the stages of all lanes and the keys hold when every queue is full.
std::uint64_t everything(const MemoryShares& shares, std::uint32_t lanes) {
  return lanes * (4 * shares.batch_bytes + 2 * shares.queue_bytes + shares.segment_bytes +
                  2 * shares.record_bytes) +
         shares.key_bytes;
}

TEST(MemoryShares, AreAtTheDefaultWhatMovesRowsFastest) {
  const MemoryShares shares = memory_shares(LoadConfig{});
  EXPECT_EQ(shares.batch_bytes, 1 * a_mib);
  EXPECT_EQ(shares.queue_bytes, 4 * a_mib);
  EXPECT_EQ(shares.segment_bytes, 8 * a_mib);
  EXPECT_EQ(shares.record_bytes, 1 * a_mib);
  EXPECT_EQ(shares.key_bytes, 32 * a_mib);
}

TEST(MemoryShares, FitIntoTheMemoryWithAnyNumberOfLanes) {
  for (const std::uint64_t memory :
       {16 * a_mib, 64 * a_mib, 128 * a_mib, 512 * a_mib, 8192 * a_mib}) {
    for (const std::uint32_t lanes : {1U, 2U, 3U, 4U, 8U, 64U, 256U}) {
      const LoadConfig load = load_with(memory);
      if (least_memory(load, lanes) > memory) continue;
      const MemoryShares shares = memory_shares(load, lanes);
      EXPECT_LE(everything(shares, lanes), memory) << memory << " " << lanes;
      EXPECT_GE(shares.queue_bytes, 2 * shares.batch_bytes);
    }
  }
  EXPECT_EQ(least_memory(load_with(16 * a_mib), 1), 16 * a_mib);
  EXPECT_GT(least_memory(load_with(16 * a_mib), 64), 16 * a_mib);
}

TEST(MemoryShares, GiveWayToTheSizesOfTheFile) {
  LoadConfig load = load_with(1024 * a_mib);
  load.batch_bytes = 2 * a_mib;
  load.queue_bytes = 32 * a_mib;
  EXPECT_EQ(memory_shares(load, 4).batch_bytes, 2 * a_mib);
  EXPECT_EQ(memory_shares(load, 4).queue_bytes, 32 * a_mib);
  load.memory = least_memory(load, 4);
  EXPECT_GE(load.memory, 4 * (4 * 2 + 2 * 32) * a_mib);
  EXPECT_LT(load.memory, 1024 * a_mib);
}

}  // namespace
}  // namespace mighost
