#pragma once
// bytea as the server writes it in text ("\x00ff"): PostgreSQL documentation, 8.4.1.
#include <string>
#include <string_view>

namespace mighost {

std::string bytea_text(std::string_view bytes);
std::string bytes_of_bytea(std::string_view text);

}  // namespace mighost
