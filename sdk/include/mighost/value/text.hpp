// Text as it comes out of a legacy database: blanks, ASCII case, UTF-8. Views go in and views come
// out, so the common row (nothing to change) copies nothing.
//
// A blank is a space, tab, CR, LF, VT, FF, U+00A0 (no-break space) or U+3000 (ideographic space).
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace mig {
namespace detail {

constexpr std::uint8_t byte(char c) noexcept { return static_cast<std::uint8_t>(c); }

constexpr std::uint64_t every_byte(std::uint8_t value) noexcept {
  return 0x0101010101010101u * value;
}

inline std::uint64_t load_eight(const char* at) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

/// The first byte in [at, end) that is not ASCII, or `end`.
inline const char* skip_ascii(const char* at, const char* end) noexcept {
  while (end - at >= 8 && (load_eight(at) & every_byte(0x80)) == 0) at += 8;
  while (at != end && byte(*at) < 0x80) ++at;
  return at;
}

/// Length of the UTF-8 sequence that starts at `at` (at < end), 0 when it is not well formed: too
/// long for its value, a surrogate, beyond U+10FFFF, or cut off. RFC 3629 section 4.
constexpr std::size_t utf8_length(const char* at, const char* end) noexcept {
  const std::ptrdiff_t left = end - at;
  const std::uint8_t lead = byte(*at);
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4 || left < 2) return 0;
  const std::uint8_t second = byte(at[1]);
  if (lead < 0xE0) return (second & 0xC0) == 0x80 ? 2 : 0;
  std::uint8_t least = 0x80;
  std::uint8_t most = 0xBF;
  if (lead == 0xE0) least = 0xA0;
  if (lead == 0xED) most = 0x9F;
  if (lead == 0xF0) least = 0x90;
  if (lead == 0xF4) most = 0x8F;
  if (second < least || second > most || left < 3 || (byte(at[2]) & 0xC0) != 0x80) return 0;
  if (lead < 0xF0) return 3;
  return left >= 4 && (byte(at[3]) & 0xC0) == 0x80 ? 4 : 0;
}

/// Bytes of the blank that starts at text[at] (at < size), 0 when none does.
constexpr std::size_t blank_at(std::string_view text, std::size_t at) noexcept {
  const char first = text[at];
  if (first == ' ' || (first >= '\t' && first <= '\r')) return 1;
  if (first == '\xC2') return at + 1 < text.size() && text[at + 1] == '\xA0' ? 2 : 0;
  if (first != '\xE3' || at + 2 >= text.size()) return 0;
  return text[at + 1] == '\x80' && text[at + 2] == '\x80' ? 3 : 0;
}

/// Bytes of the blank that ends just before text[end] (0 < end <= size), 0 when none does.
constexpr std::size_t blank_before(std::string_view text, std::size_t end) noexcept {
  const char last = text[end - 1];
  if (last == ' ' || (last >= '\t' && last <= '\r')) return 1;
  if (last == '\xA0') return end >= 2 && text[end - 2] == '\xC2' ? 2 : 0;
  if (last != '\x80' || end < 3) return 0;
  return text[end - 2] == '\x80' && text[end - 3] == '\xE3' ? 3 : 0;
}

/// Value of a hexadecimal digit, -1 for any other character.
constexpr int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

inline constexpr std::string_view hex_digits = "0123456789abcdef";

constexpr char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

constexpr char upper(char c) noexcept {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
}

/// `text` itself when `change` alters none of its characters, otherwise its changed copy in
/// `buffer`.
template <class Change>
std::string_view map_ascii(std::string_view text, std::string& buffer, Change change) {
  const auto alters = [&](char c) { return change(c) != c; };
  if (std::none_of(text.begin(), text.end(), alters)) return text;
  buffer.assign(text);
  std::transform(buffer.begin(), buffer.end(), buffer.begin(), change);
  return buffer;
}

}  // namespace detail

/// The text without the blanks at both ends: a view into the same bytes.
constexpr std::string_view trim(std::string_view text) noexcept {
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t blank = detail::blank_at(text, begin);
    if (blank == 0) break;
    begin += blank;
  }
  text.remove_prefix(begin);
  while (!text.empty()) {
    const std::size_t blank = detail::blank_before(text, text.size());
    if (blank == 0) break;
    text.remove_suffix(blank);
  }
  return text;
}

/// True when the text has nothing but blanks, or nothing at all.
constexpr bool is_blank(std::string_view text) noexcept { return trim(text).empty(); }

/// Every run of blanks becomes one space (`trim` first for a run at an end to disappear). Returns
/// `text` itself when nothing changes, otherwise a view of `buffer`, which must not hold `text`.
inline std::string_view collapse_blanks(std::string_view text, std::string& buffer) {
  std::size_t at = 0;
  std::size_t kept = 0;  // text[0, kept) is in the buffer once something has changed
  bool changed = false;
  while (at < text.size()) {
    const std::size_t begin = at;
    for (std::size_t blank = 1; at < text.size() && blank != 0; at += blank) {
      blank = detail::blank_at(text, at);
    }
    if (at == begin) {
      ++at;
      continue;
    }
    if (at - begin == 1 && text[begin] == ' ') continue;
    if (!changed) buffer.clear();
    changed = true;
    buffer.append(text.substr(kept, begin - kept)).push_back(' ');
    kept = at;
  }
  if (!changed) return text;
  return buffer.append(text.substr(kept));
}

/// As above, for those who want a string of their own.
inline std::string collapse_blanks(std::string_view text) {
  std::string buffer;
  return std::string(collapse_blanks(text, buffer));
}

/// A-Z become a-z; every other byte stays, so UTF-8 stays UTF-8 and no locale is asked.
inline std::string ascii_lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), detail::lower);
  return out;
}

/// a-z become A-Z; every other byte stays.
inline std::string ascii_upper(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), detail::upper);
  return out;
}

/// The same without a copy when there is nothing to change: `text` itself, or a view of `buffer`,
/// which must not hold `text`.
inline std::string_view ascii_lower(std::string_view text, std::string& buffer) {
  return detail::map_ascii(text, buffer, detail::lower);
}

/// As ascii_lower with a buffer.
inline std::string_view ascii_upper(std::string_view text, std::string& buffer) {
  return detail::map_ascii(text, buffer, detail::upper);
}

/// True when the texts differ at most in the case of ASCII letters.
constexpr bool equals_ignoring_case(std::string_view left, std::string_view right) noexcept {
  if (left.size() != right.size()) return false;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (detail::lower(left[i]) != detail::lower(right[i])) return false;
  }
  return true;
}

/// True when the bytes are UTF-8 (RFC 3629: no surrogates, no overlong forms, nothing above
/// U+10FFFF). A NUL is valid UTF-8 and yet no PostgreSQL text may hold one: see has_nul.
inline bool valid_utf8(std::string_view text) noexcept {
  const char* at = text.data();
  const char* const end = at + text.size();
  while ((at = detail::skip_ascii(at, end)) != end) {
    do {
      const std::size_t length = detail::utf8_length(at, end);
      if (length == 0) return false;
      at += length;
    } while (at != end && detail::byte(*at) >= 0x80);
  }
  return true;
}

/// True when a NUL byte is among the bytes, which PostgreSQL refuses in text.
constexpr bool has_nul(std::string_view text) noexcept {
  return text.find('\0') != std::string_view::npos;
}

}  // namespace mig
