#include "pg/text_array.hpp"

namespace mighost {

std::string text_array(const std::vector<std::string>& values) {
  std::string array = "{";
  for (const std::string& value : values) {
    array += array.size() == 1 ? "\"" : ",\"";
    for (const char letter : value) {
      if (letter == '"' || letter == '\\') array += '\\';
      array += letter;
    }
    array += '"';
  }
  return array + "}";
}

}  // namespace mighost
