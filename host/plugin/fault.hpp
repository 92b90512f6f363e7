#pragma once
// Faults are collected and told together: whoever repairs a plugin or a schema wants the whole
// list, not the first entry of it. One Error ends the command.
#include <string>
#include <vector>

#include "report/error.hpp"

namespace mighost {

struct Fault {
  std::string where;  // plugin file, entity or family.entity.column that it is about
  std::string what;
  std::string next;  // what to do about it
};

using Faults = std::vector<Fault>;

/// "  1. where: what\n     next: ..." for each fault, without a final newline.
std::string fault_list(const Faults& faults);

/// Does nothing without faults; otherwise throws an Error that lists all of them under `headline`.
void throw_if_any(const Faults& faults, Exit exit, const std::string& headline,
                  const std::string& where, const std::string& next);

}  // namespace mighost
