#include "dealing.hpp"

#include <cmath>
#include <string>

#include "error.hpp"

namespace mighost::dataset {

std::vector<std::size_t> dealt_counts(Random& random, std::size_t parents, std::size_t total,
                                      std::span<const std::uint32_t> weights,
                                      std::span<const std::size_t> counts) {
  if (parents == 0 && total > 0) {
    throw Error("there are rows to deal out and no parents to take them", "knobs of sizes",
                "raise the size of the parents or set that of the children to 0");
  }
  std::vector<std::size_t> dealt(parents);
  std::size_t sum = 0;
  for (std::size_t& count : dealt) {
    count = counts[random.weighted(weights)];
    sum += count;
  }
  while (sum != total) {
    std::size_t& count = dealt[random.below(parents)];
    if (sum < total) {
      ++count;
      ++sum;
    } else if (count > 0) {
      --count;
      --sum;
    }
  }
  return dealt;
}

Instant time_of_row(Random& random, std::size_t row, std::size_t count) {
  const std::int64_t first = start_of(date_of(2018, 1, 8)).micros;
  const std::int64_t span = start_of(today()).micros - first - micros_per_day;
  const double share = static_cast<double>(row) / static_cast<double>(count);
  const auto grown = static_cast<std::int64_t>(std::sqrt(share) * static_cast<double>(span));
  return {first + grown + random.between(0, micros_per_day - 1)};
}

Pool::Pool(Random random, std::vector<std::size_t> candidates) : left_(std::move(candidates)) {
  random.shuffle(left_);
}

std::span<const std::size_t> Pool::take(std::size_t count, std::string_view knob) {
  if (count > left_.size() - taken_) {
    throw Error("only " + std::to_string(left_.size() - taken_) + " rows can take " +
                    std::to_string(count) + " defects",
                "knob " + std::string(knob), "lower this knob or use a larger preset");
  }
  taken_ += count;
  return std::span<const std::size_t>(left_).subspan(taken_ - count, count);
}

}  // namespace mighost::dataset
