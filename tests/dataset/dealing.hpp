// How rows hang together by number and by id: how many children each parent has, which ids nobody
// has, which rows are still free for a defect.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <string_view>
#include <vector>

#include "id_allocator.hpp"
#include "random.hpp"
#include "values.hpp"

namespace mighost::dataset {

// How many children each of `parents` rows has: drawn from `counts` by `weights`, then evened out
// to exactly `total`. Throws Error when there are children and no parents.
std::vector<std::size_t> dealt_counts(Random& random, std::size_t parents, std::size_t total,
                                      std::span<const std::uint32_t> weights,
                                      std::span<const std::size_t> counts);

// When row `row` of `count` came to be: the business has grown, and steadily. Never after today().
Instant time_of_row(Random& random, std::size_t row, std::size_t count);

// Ids below the largest one that no row has.
template <class Rows>
std::vector<int> gaps_in(const Rows& rows) {
  std::vector<int> gaps;
  int next = 1;
  for (const auto& row : rows) {
    // An id jump would make this list as long as the jump.
    for (; next < row.id && next < id_jump_to; ++next) {
      gaps.push_back(next);
    }
    next = row.id + 1;
  }
  return gaps;
}

// Ids that `unused` of one table but, where possible, taken in the other: a join through the wrong
// id space then finds somebody, and is wrong.
template <class Rows>
std::vector<int> misleading_ids(const std::vector<int>& unused, const Rows& other_table) {
  std::set<int> taken;
  for (const auto& row : other_table) {
    taken.insert(row.id);
  }
  std::vector<int> ids(unused);
  std::stable_partition(ids.begin(), ids.end(), [&taken](int id) { return taken.contains(id); });
  if (ids.empty()) {
    ids.push_back(2 * id_jump_to);
  }
  return ids;
}

// Hands out rows of a table in random order, each at most once, so that no row gets two defects.
class Pool {
 public:
  Pool(Random random, std::vector<std::size_t> candidates);

  // Throws Error, naming the knob, when fewer are left.
  std::span<const std::size_t> take(std::size_t count, std::string_view knob);

 private:
  std::vector<std::size_t> left_;
  std::size_t taken_ = 0;
};

}  // namespace mighost::dataset
