#pragma once
#include <string>

namespace mighost::test {

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace mighost::test
