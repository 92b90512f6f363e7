// What makes a telephone number one that nobody will ever answer (ITU-T E.164: at most 15 digits,
// no country code begins with 0).
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace contact_quality {

enum class PhoneFault { none, length, country, repeated, letters };

inline bool is_phone_mark(char c) {
  return std::string_view{" -.()/+"}.find(c) != std::string_view::npos;
}

inline PhoneFault phone_fault(std::string_view phone) {
  constexpr std::size_t shortest = 7, longest = 15;
  std::string digits;
  for (const char c : phone) {
    if (c >= '0' && c <= '9') {
      digits += c;
    } else if (!is_phone_mark(c)) {
      return PhoneFault::letters;
    }
  }
  if (digits.size() < shortest || digits.size() > longest) return PhoneFault::length;
  if (std::all_of(digits.begin(), digits.end(), [&](char c) { return c == digits.front(); })) {
    return PhoneFault::repeated;
  }
  return phone.front() == '+' && digits.front() == '0' ? PhoneFault::country : PhoneFault::none;
}

}  // namespace contact_quality
