#include "plan/table_hint.hpp"

#include <algorithm>
#include <functional>
#include <map>

#include "report/nearest.hpp"
#include "report/text.hpp"

namespace mighost {
namespace {

constexpr std::size_t related_max = 3;
constexpr std::size_t related_letters_min = 4;

/// Length of the common prefix, up to and with the last separator in it.
std::size_t common_words(const std::string& a, const std::string& b) {
  std::size_t words = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()) && a[i] == b[i]; ++i) {
    if (a[i] == '_' || a[i] == '.') words = i + 1;
  }
  return words;
}

std::string without_schema(const std::string& table) { return table.substr(table.find('.') + 1); }

}  // namespace

std::string table_remedy(const std::string& table, const std::vector<std::string>& known) {
  const std::string full = table.find('.') == std::string::npos ? "public." + table : table;
  // Candidates by what they share with the wanted name: the more, the sooner they are asked.
  std::map<std::size_t, std::vector<std::string>, std::greater<>> candidates;
  for (const auto& candidate : known) {
    if (without_schema(candidate) == without_schema(full)) return "did you mean " + candidate + "?";
    const std::size_t shared = common_words(full, candidate);
    candidates[shared].push_back(candidate.substr(shared));
  }
  for (const auto& [shared, rests] : candidates) {
    if (const auto hint = nearest(full.substr(shared), rests)) {
      return "did you mean " + full.substr(0, shared) + *hint + "?";
    }
  }
  const std::string word = full.substr(full.find_last_of("_.") + 1);
  std::vector<std::string> related;
  for (const auto& candidate : known) {
    const bool shares = word.size() >= related_letters_min &&
                        without_schema(candidate).find(word) != std::string::npos;
    if (shares && related.size() < related_max) related.push_back(candidate);
  }
  if (!related.empty()) return "tables of a related name: " + joined(related);
  return "none of the " + std::to_string(known.size()) +
         " tables there has a similar name: correct the name in the plugin";
}

}  // namespace mighost
