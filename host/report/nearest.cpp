#include "report/nearest.hpp"

#include <algorithm>
#include <cstddef>

namespace mighost {
namespace {

// Longer names are not compared: the work grows with the product of the lengths.
constexpr std::size_t length_max = 200;
constexpr std::size_t listed_max = 20;

std::string folded(std::string_view name) {
  std::string result(name);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '-') c = '_';
  }
  return result;
}

// Insertions, deletions, replacements and swaps of neighbours, each for 1 (optimal string
// alignment).
std::size_t edit_distance(std::string_view a, std::string_view b) {
  const std::size_t width = b.size() + 1;
  std::vector<std::size_t> two_back(width), back(width), row(width);
  for (std::size_t j = 0; j < width; ++j) back[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j < width; ++j) {
      const std::size_t replaced = back[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({back[j] + 1, row[j - 1] + 1, replaced});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], two_back[j - 2] + 1);
    }
    two_back.swap(back);
    back.swap(row);
  }
  return back[b.size()];
}

}  // namespace

std::optional<std::string> nearest(std::string_view name, const std::vector<std::string>& known) {
  if (name.empty() || name.size() > length_max) return std::nullopt;
  const std::string wanted = folded(name);
  std::optional<std::string> best;
  std::size_t best_distance = 0;
  for (const std::string& candidate : known) {
    if (candidate.size() > length_max) continue;
    const std::size_t distance = edit_distance(wanted, folded(candidate));
    const std::size_t allowed = std::max<std::size_t>(1, candidate.size() / 3);
    // A name that shares no letter in place with a short candidate is no typing error.
    if (distance > allowed || distance >= std::max(wanted.size(), candidate.size())) continue;
    if (!best || distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

std::string nearest_hint(std::string_view name, const std::vector<std::string>& known) {
  if (const auto found = nearest(name, known)) return "did you mean \"" + *found + "\"?";
  if (known.empty()) return "nothing is known here";
  std::string text = "known: ";
  const std::size_t listed = std::min(known.size(), listed_max);
  for (std::size_t i = 0; i < listed; ++i) text += (i == 0 ? "" : ", ") + known[i];
  if (listed < known.size()) text += ", and " + std::to_string(known.size() - listed) + " more";
  return text;
}

}  // namespace mighost
