// Ids as a grown database has them: ascending, with gaps left by deletes, and with the newest rows
// far away from the rest. Ranges of different tables overlap on purpose: patient 90, user 90 and
// instruction 90 all exist and have nothing to do with each other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "random.hpp"

namespace mighost::dataset {

inline constexpr int id_jump_to = 520'000;

class IdAllocator {
 public:
  // About `gaps_per_thousand` of the ids up to the largest stay unused.
  IdAllocator(Random random, int first, std::uint32_t gaps_per_thousand)
      : random_(random), next_(first), gaps_per_thousand_(gaps_per_thousand) {}

  int next() {
    while (random_.chance(gaps_per_thousand_)) {
      unused_.push_back(next_);
      ++next_;
    }
    return next_++;
  }

  void jump_to(int id) { next_ = id > next_ ? id : next_; }

  // Ids below the largest that no row has: what a dangling reference may name.
  const std::vector<int>& unused() const { return unused_; }

 private:
  Random random_;
  int next_;
  std::uint32_t gaps_per_thousand_;
  std::vector<int> unused_;
};

}  // namespace mighost::dataset
