// What makes an e-mail address one that no mail will ever reach (RFC 5321 4.5.3.1, RFC 1035 2.3.1,
// RFC 2606). Syntax alone is the target's own business: its constraint lets all of these through.
#pragma once

#include <algorithm>
#include <string_view>

namespace contact_quality {

enum class EmailFault { none, malformed, too_long, reserved };

inline bool label_is_sound(std::string_view label) {
  constexpr std::size_t longest = 63;
  return !label.empty() && label.size() <= longest && label.front() != '-' && label.back() != '-';
}

/// Every label between the dots, and at least two of them.
inline bool domain_is_sound(std::string_view domain) {
  std::size_t labels = 0;
  while (true) {
    const std::size_t dot = domain.find('.');
    if (!label_is_sound(domain.substr(0, dot))) return false;
    ++labels;
    if (dot == domain.npos) return labels >= 2;
    domain.remove_prefix(dot + 1);
  }
}

inline bool local_part_is_sound(std::string_view local) {
  return !local.empty() && local.front() != '.' && local.back() != '.' &&
         local.find("..") == local.npos;
}

/// Top-level names that no registry will ever give away.
inline bool is_reserved(std::string_view domain) {
  const std::string_view top = domain.substr(domain.rfind('.') + 1);
  constexpr std::string_view reserved[] = {"test", "invalid", "localhost", "example"};
  return std::find(std::begin(reserved), std::end(reserved), top) != std::end(reserved);
}

/// `email` in lower case.
inline EmailFault email_fault(std::string_view email) {
  constexpr std::size_t longest_local = 64, longest = 254;
  const std::size_t at = email.find('@');
  if (at == email.npos || email.find('@', at + 1) != email.npos) return EmailFault::malformed;
  const std::string_view local = email.substr(0, at), domain = email.substr(at + 1);
  if (!local_part_is_sound(local) || !domain_is_sound(domain)) return EmailFault::malformed;
  if (local.size() > longest_local || email.size() > longest) return EmailFault::too_long;
  return is_reserved(domain) ? EmailFault::reserved : EmailFault::none;
}

}  // namespace contact_quality
