#pragma once
#include <string>
#include <vector>

namespace mighost {

/// An array of texts as the text of a parameter (PostgreSQL documentation, 8.15.2).
std::string text_array(const std::vector<std::string>& values);

}  // namespace mighost
