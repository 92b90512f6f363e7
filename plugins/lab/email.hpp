// Which e-mail addresses the target takes (D-03).
#pragma once

#include <algorithm>
#include <string_view>

namespace lab {

/// ^[a-z0-9._%+-]+@[a-z0-9.-]+\.[a-z]{2,}$, the constraint of the target, for lower-case text.
inline bool email_is_valid(std::string_view email) {
  const auto letter = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto host_part = [&](char c) {
    return letter(c) || (c >= '0' && c <= '9') || c == '.' || c == '-';
  };
  const auto local_part = [&](char c) { return host_part(c) || c == '_' || c == '%' || c == '+'; };
  const std::size_t at = email.find('@');
  if (at == email.npos) return false;
  const std::string_view local = email.substr(0, at);
  const std::string_view host = email.substr(at + 1);
  const std::size_t dot = host.rfind('.');
  if (local.empty() || dot == host.npos || dot == 0) return false;
  const std::string_view top = host.substr(dot + 1);
  return std::all_of(local.begin(), local.end(), local_part) &&
         std::all_of(host.begin(), host.end(), host_part) && top.size() >= 2 &&
         std::all_of(top.begin(), top.end(), letter);
}

}  // namespace lab
