#include "config/faults.hpp"

#include <algorithm>
#include <tuple>

#include "report/error.hpp"
#include "report/text.hpp"

namespace mighost {

std::string ConfigFaults::place(std::uint32_t line, std::uint32_t column) const {
  return file_.string() + ":" + std::to_string(line) + ":" + std::to_string(column);
}

void ConfigFaults::add(std::uint32_t line, std::uint32_t column, const std::string& what,
                       const std::string& next) {
  faults_.push_back({line, column, one_line(what + "; " + next)});
}

void ConfigFaults::throw_if_any() const {
  if (faults_.empty()) return;
  std::vector<One> sorted = faults_;
  std::stable_sort(sorted.begin(), sorted.end(), [](const One& a, const One& b) {
    return std::tie(a.line, a.column) < std::tie(b.line, b.column);
  });
  std::string text = "the configuration has " + counted(sorted.size(), "fault", "faults") + ":";
  for (const One& fault : sorted) {
    text += "\n  " + place(fault.line, fault.column) + ": " + fault.text;
  }
  throw Error(Exit::usage, text, file_.string(),
              "correct the lines named above; config/run.toml shows every key with its meaning");
}

}  // namespace mighost
