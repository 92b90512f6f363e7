#include "random.hpp"

#include <cassert>
#include <numeric>

namespace mighost::dataset {

namespace {

std::uint64_t fnv1a(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char character : text) {
    hash ^= static_cast<unsigned char>(character);
    hash *= 0x100000001b3ULL;
  }
  return hash;
}

}  // namespace

Random::Random(std::uint64_t seed, std::string_view stream) : state_(fnv1a(stream)) {
  // Two steps with the seed in between keep the streams of neighbouring seeds apart.
  state_ = next() ^ (seed * 0x9e3779b97f4a7c15ULL);
  state_ = next();
}

std::uint64_t Random::next() {
  state_ += 0x9e3779b97f4a7c15ULL;
  std::uint64_t mixed = state_;
  mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebULL;
  return mixed ^ (mixed >> 31U);
}

std::uint32_t Random::below(std::size_t bound) {
  assert(bound > 0 && bound <= 0xffffffffULL);
  return static_cast<std::uint32_t>(((next() >> 32U) * bound) >> 32U);
}

std::int64_t Random::between(std::int64_t low, std::int64_t high) {
  assert(low <= high);
  const auto width = static_cast<std::uint64_t>(high - low) + 1;
  return low + static_cast<std::int64_t>(next() % width);
}

std::size_t Random::weighted(std::span<const std::uint32_t> weights) {
  std::uint32_t left = below(std::accumulate(weights.begin(), weights.end(), std::size_t{0}));
  std::size_t index = 0;
  while (left >= weights[index]) {
    left -= weights[index];
    ++index;
  }
  return index;
}

std::string Random::characters(std::string_view alphabet, std::size_t length) {
  std::string result;
  result.reserve(length);
  for (std::size_t i = 0; i < length; ++i) {
    result += alphabet[below(alphabet.size())];
  }
  return result;
}

}  // namespace mighost::dataset
