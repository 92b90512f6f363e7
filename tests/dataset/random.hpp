// Our own deterministic random numbers (splitmix64). The standard distributions differ between
// libraries, and the same seed has to give the same bytes everywhere. Every table and every kind
// of dirt draws from a stream of its own name, so adding one never changes another.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mighost::dataset {

class Random {
 public:
  Random(std::uint64_t seed, std::string_view stream);

  std::uint64_t next();

  // 0 <= result < bound
  std::uint32_t below(std::size_t bound);

  // low <= result <= high
  std::int64_t between(std::int64_t low, std::int64_t high);

  bool chance(std::uint32_t per_thousand) { return below(1000) < per_thousand; }

  // An index into `weights`, each as likely as its share of the sum.
  std::size_t weighted(std::span<const std::uint32_t> weights);

  std::string characters(std::string_view alphabet, std::size_t length);

  template <class Container>
  const auto& one_of(const Container& choices) {
    return choices[below(std::size(choices))];
  }

  template <class Value>
  void shuffle(std::vector<Value>& values) {
    for (std::size_t left = values.size(); left > 1; --left) {
      std::swap(values[left - 1], values[below(left)]);
    }
  }

 private:
  std::uint64_t state_;
};

}  // namespace mighost::dataset
