#pragma once
// SHA-256, to say later exactly which file a run was given.
#include <string>
#include <string_view>

namespace mighost {

/// In lower-case hexadecimal digits.
std::string sha256_text(std::string_view bytes);

}  // namespace mighost
