#pragma once
// Says of most keys that are not in a run that they are not, in one look at one cache line. 12 bits
// for each key: of a hundred absent keys one gets past it at most.
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace mighost {

class BloomFilter {
 public:
  explicit BloomFilter(std::uint64_t keys) : lines_(keys * bits_per_key / line_bits + 1) {}

  void add(std::uint64_t hash) {
    Line& line = lines_[line_of(hash)];
    for_each_bit(hash, [&](std::size_t bit) {
      line[bit / 64] |= std::uint64_t{1} << (bit % 64);
      return true;
    });
  }
  bool may_contain(std::uint64_t hash) const {
    const Line& line = lines_[line_of(hash)];
    return for_each_bit(hash,
                        [&](std::size_t bit) { return (line[bit / 64] >> (bit % 64) & 1) != 0; });
  }
  std::size_t memory() const { return lines_.size() * sizeof(Line); }

 private:
  static constexpr std::uint64_t bits_per_key = 12, line_bits = 512;
  static constexpr unsigned bits_set = 6, bit_width = 9;  // 2^9 = 512
  using Line = std::array<std::uint64_t, line_bits / 64>;

  std::size_t line_of(std::uint64_t hash) const { return (hash >> 32) * lines_.size() >> 32; }
  template <typename Use>
  static bool for_each_bit(std::uint64_t hash, Use use) {
    // Mixed once more: the upper half of the hash has chosen the line.
    std::uint64_t bits = (hash * 0x9e3779b97f4a7c15U) ^ (hash << 32);
    for (unsigned left = bits_set; left > 0; --left, bits >>= bit_width) {
      if (!use(bits & (line_bits - 1))) return false;
    }
    return true;
  }
  std::vector<Line> lines_;
};

}  // namespace mighost
