#include "plugin/fault.hpp"

namespace mighost {

std::string fault_list(const Faults& faults) {
  std::string text;
  std::size_t number = 0;
  for (const auto& fault : faults) {
    if (!text.empty()) text += '\n';
    text += "  " + std::to_string(++number) + ". ";
    if (!fault.where.empty()) text += fault.where + ": ";
    text += fault.what;
    if (!fault.next.empty()) text += "\n     next: " + fault.next;
  }
  return text;
}

void throw_if_any(const Faults& faults, Exit exit, const std::string& headline,
                  const std::string& where, const std::string& next) {
  if (faults.empty()) return;
  const std::string count =
      faults.size() == 1 ? "1 fault" : std::to_string(faults.size()) + " faults";
  throw Error(exit, headline + " (" + count + ")\n" + fault_list(faults), where, next);
}

}  // namespace mighost
