// Reads a few values out of the context of a notification without building a tree: there are two
// million of them (domain 3.3, D-44, D-47).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>

#include "rules.hpp"

namespace business {

/// Goes through the members of the outermost object of a JSON text. The text must have passed
/// mig::json_check; of one that has not, nothing is promised but that no byte beyond it is read.
class member_scanner {
 public:
  explicit member_scanner(std::string_view json) noexcept
      : at_(json.data()), end_(json.data() + json.size()) {
    skip_space();
    open_ = at_ != end_ && *at_ == '{';
    if (open_) ++at_;
  }

  /// The next member: its name without the quotes, escapes as they stand, and the JSON text of its
  /// value. False when there is none, also when the text is no object.
  bool next(std::string_view& name, std::string_view& value) noexcept {
    if (!open_) return false;
    skip_to('"');
    if (at_ == end_) return false;
    const std::string_view quoted = take_string();
    name = quoted.size() < 2 ? quoted : quoted.substr(1, quoted.size() - 2);
    skip_to(':');
    if (at_ != end_) ++at_;
    skip_space();
    value = take_value();
    return true;
  }

 private:
  void skip_space() noexcept {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\t' || *at_ == '\r')) ++at_;
  }
  void skip_to(char c) noexcept {
    while (at_ != end_ && *at_ != c) ++at_;
  }

  /// From the quote on, both quotes included.
  std::string_view take_string() noexcept {
    const char* const begin = at_++;
    while (at_ != end_ && *at_ != '"') at_ += *at_ == '\\' && end_ - at_ > 1 ? 2 : 1;
    if (at_ != end_) ++at_;
    return text_from(begin);
  }

  std::string_view take_value() noexcept {
    if (at_ == end_) return {};
    if (*at_ == '"') return take_string();
    const char* const begin = at_;
    if (*at_ == '{' || *at_ == '[') {
      skip_nested();
    } else {
      while (at_ != end_ && *at_ != ',' && *at_ != '}' && *at_ > ' ') ++at_;
    }
    return text_from(begin);
  }

  void skip_nested() noexcept {
    std::size_t depth = 0;
    while (at_ != end_) {
      if (*at_ == '"') {
        take_string();
        continue;
      }
      const char c = *at_++;
      if (c == '{' || c == '[') ++depth;
      if ((c == '}' || c == ']') && --depth == 0) return;
    }
  }

  std::string_view text_from(const char* begin) const noexcept {
    return {begin, static_cast<std::size_t>(at_ - begin)};
  }

  const char* at_;
  const char* const end_;
  bool open_ = false;
};

inline void append_utf8(std::string& out, std::uint32_t character) {
  const auto put = [&](std::uint32_t bits) { out += static_cast<char>(bits); };
  const auto more = [&](int shift) { put(0x80 | (character >> shift & 0x3F)); };
  if (character < 0x80) {
    put(character);
  } else if (character < 0x800) {
    put(0xC0 | character >> 6);
    more(0);
  } else if (character < 0x10000) {
    put(0xE0 | character >> 12);
    more(6);
    more(0);
  } else {
    put(0xF0 | character >> 18);
    more(12);
    more(6);
    more(0);
  }
}

/// The text that the inside of a JSON string means. It must have passed mig::json_check.
inline std::string decoded(std::string_view inside) {
  const auto unit = [&](std::size_t at) {
    std::uint32_t value = 0;
    for (const char c : inside.substr(at, 4)) {
      value = value * 16 + static_cast<std::uint32_t>(mig::detail::hex_value(c));
    }
    return value;
  };
  constexpr std::string_view letters = "bfnrt";
  constexpr std::string_view meanings = "\b\f\n\r\t";
  std::string text;
  for (std::size_t at = 0; at < inside.size(); ++at) {
    if (inside[at] != '\\' || ++at == inside.size()) {
      text += inside[at < inside.size() ? at : at - 1];
      continue;
    }
    if (inside[at] != 'u') {
      const std::size_t letter = letters.find(inside[at]);
      text += letter == letters.npos ? inside[at] : meanings[letter];
      continue;
    }
    std::uint32_t character = unit(at + 1);
    at += 4;
    if (character >= 0xD800 && character < 0xDC00) {  // the escape of the low half follows
      character = 0x10000 + ((character - 0xD800) << 10) + (unit(at + 3) - 0xDC00);
      at += 6;
    }
    append_utf8(text, character);
  }
  return text;
}

/// A JSON value as text: a string trimmed, a number as it stands. Nothing for what is empty and for
/// all other values.
template <class Output>
maybe_text value_text(std::string_view value, Output& out) {
  if (value.empty()) return std::nullopt;
  const char first = value.front();
  if (first == '-' || (first >= '0' && first <= '9')) return value;
  if (first != '"') return std::nullopt;
  const std::string_view inside = value.substr(1, value.size() - 2);
  if (inside.find('\\') == inside.npos) return trimmed(inside);
  const std::string text = decoded(inside);
  const maybe_text inner = trimmed(std::string_view{text});
  return inner ? maybe_text{out.keep(*inner)} : std::nullopt;
}

/// The members of a notification's context that have a column, or a place in its message.
enum class context_name : std::uint8_t {
  message,
  order_number,
  patient_name,
  status,
  barcode,
  tracking_number,
  tracking,
  carrier
};

inline constexpr std::string_view context_names[] = {"message",  "order_number", "patient_name",
                                                     "status",   "barcode",      "tracking_number",
                                                     "tracking", "carrier"};

/// The JSON texts of those members; the last of several wins, as in jsonb.
class context_values {
 public:
  explicit context_values(std::string_view json) {
    member_scanner members(json);
    std::string_view name, value;
    while (members.next(name, value)) store(name, value);
  }

  template <class Output>
  maybe_text text(context_name name, Output& out) const {
    return value_text(values_[static_cast<std::size_t>(name)], out);
  }

 private:
  void store(std::string_view name, std::string_view value) {
    if (name.find('\\') == name.npos) return set(name, value);
    set(decoded(name), value);
  }

  void set(std::string_view name, std::string_view value) {
    for (std::size_t i = 0; i < std::size(context_names); ++i) {
      if (name == context_names[i]) values_[i] = value;
    }
  }

  std::array<std::string_view, std::size(context_names)> values_{};
};

}  // namespace business
