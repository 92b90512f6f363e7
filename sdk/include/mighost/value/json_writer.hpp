// Writes small JSON objects and arrays, such as the metadata of a row. A writer keeps its buffer
// when it is cleared: one that lives as long as its handler allocates nothing for most rows.
//
//   metadata.clear();
//   metadata.add("groups", groups).add("amount", amount).add("suffix", row.suffix);
//   row.metadata = metadata.view();
#pragma once

#include <array>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "mighost/value/decimal.hpp"
#include "mighost/value/text.hpp"
#include "mighost/value/time.hpp"
#include "mighost/value/uuid.hpp"

namespace mig {
namespace detail {

/// A complete JSON text at all times.
class json_text {
 public:
  /// Valid until the writer is changed or gone.
  std::string_view view() const noexcept { return text_; }
  std::string str() const { return text_; }
  bool empty() const noexcept { return text_.size() == 2; }

 protected:
  explicit json_text(std::string_view brackets) : text_(brackets) {}
  void reset(std::string_view brackets) { text_.assign(brackets); }

  /// Makes room for one more element before the closing bracket, which close() puts back.
  std::string& open() {
    if (empty()) {
      text_.pop_back();
    } else {
      text_.back() = ',';
    }
    return text_;
  }
  void close(char bracket) { text_.push_back(bracket); }

 private:
  std::string text_;
};

/// True when no byte needs an escape: no quote, backslash or control character.
inline bool json_plain(std::string_view text) noexcept {
  const char* at = text.data();
  const char* const end = at + text.size();
  for (; end - at >= 8; at += 8) {
    const std::uint64_t word = load_eight(at);
    const std::uint64_t quote = word ^ every_byte('"');
    const std::uint64_t backslash = word ^ every_byte('\\');
    // Bytes beyond ASCII are never special, and may only bring a false alarm to a neighbour.
    const std::uint64_t special = ((word - every_byte(0x20)) & ~word) |
                                  ((quote - every_byte(1)) & ~quote) |
                                  ((backslash - every_byte(1)) & ~backslash);
    if ((special & every_byte(0x80)) != 0) return false;
  }
  for (; at != end; ++at) {
    if (byte(*at) < 0x20 || *at == '"' || *at == '\\') return false;
  }
  return true;
}

inline void append_json_escape(std::string& out, char c) {
  constexpr std::string_view named = "\"\\\b\f\n\r\t";
  constexpr std::string_view names = "\"\\bfnrt";
  out += '\\';
  if (const auto known = named.find(c); known != std::string_view::npos) {
    out += names[known];
    return;
  }
  out += "u00";
  out += hex_digits[byte(c) >> 4];
  out += hex_digits[byte(c) & 15];
}

inline void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  if (json_plain(text)) {
    out += text;
  } else {
    for (const char c : text) {
      if (byte(c) < 0x20 || c == '"' || c == '\\') {
        append_json_escape(out, c);
      } else {
        out += c;
      }
    }
  }
  out += '"';
}

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
inline constexpr bool is_character =
    std::same_as<T, char> || std::same_as<T, wchar_t> || std::same_as<T, char8_t> ||
    std::same_as<T, char16_t> || std::same_as<T, char32_t>;

template <class T>
inline constexpr bool has_text_form =
    std::same_as<T, date> || std::same_as<T, timestamptz> || std::same_as<T, uuid>;

template <class T>
concept json_number = std::same_as<T, decimal> || std::same_as<T, numeric> ||
    (integer<T> && !is_character<T>);

template <class>
inline constexpr bool unsupported = false;

template <json_number T>
void append_json_number(std::string& out, const T& value) {
  if constexpr (std::same_as<T, decimal>) {
    std::array<char, decimal::max_text_size> digits;
    out.append(digits.data(), value.write_text(digits.data()));
  } else if constexpr (std::same_as<T, numeric>) {
    out += value.to_text();
  } else {
    std::array<char, 24> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    out.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
  }
}

inline void append_json_numeric(std::string& out, const numeric& value) {
  if (value.valid() && !value.is_nan() && !value.is_infinite()) {
    append_json_number(out, value);
  } else {
    append_json_string(out, value.to_text());
  }
}

/// One value of any kind that the list below names.
template <class T>
void append_json(std::string& out, const T& value) {
  if constexpr (std::same_as<T, std::nullopt_t>) {
    out += "null";
  } else if constexpr (is_optional<T>) {
    if (value) {
      append_json(out, *value);
    } else {
      out += "null";
    }
  } else if constexpr (std::same_as<T, bool>) {
    out += value ? "true" : "false";
  } else if constexpr (std::same_as<T, numeric>) {
    append_json_numeric(out, value);
  } else if constexpr (json_number<T>) {
    append_json_number(out, value);
  } else if constexpr (has_text_form<T>) {
    append_json_string(out, value.to_text());
  } else if constexpr (std::derived_from<T, json_text>) {
    out += value.view();
  } else if constexpr (std::convertible_to<const T&, std::string_view> &&
                       !std::same_as<T, std::nullptr_t>) {
    append_json_string(out, value);
  } else {
    static_assert(unsupported<T>,
                  "not a JSON value here; for numbers use integers or mig::decimal");
  }
}

}  // namespace detail

// What `add` takes, in both writers:
// - text, that is whatever converts to std::string_view: a string, escaped as RFC 8259 section 7
//   wants it; UTF-8 goes through as it is, and a NUL becomes \u0000, which jsonb refuses
// - integers and mig::decimal: a number, exact
// - mig::numeric: a number; NaN and the infinities become strings, as in PostgreSQL's to_jsonb
// - bool and std::nullopt: true, false, null
// - std::optional of any of these: the value or null
// - mig::date, mig::timestamptz, mig::uuid: a string, by their to_text
// - json_object, json_array: itself
// Floating point does not compile.

/// [ ... ], element by element.
class json_array : public detail::json_text {
 public:
  json_array() : json_text("[]") {}
  /// Empty again, with its memory; also makes a moved-from writer usable.
  void clear() { reset("[]"); }

  template <class T>
  json_array& add(const T& value) {
    detail::append_json(open(), value);
    close(']');
    return *this;
  }
  /// Adds what is JSON already, unchecked.
  json_array& add_raw(std::string_view json) {
    open() += json;
    close(']');
    return *this;
  }
  /// Adds a number as a string, for readers that would make a float of it: "10.50".
  template <detail::json_number T>
  json_array& add_string(const T& number) {
    std::string& out = open();
    out += '"';
    detail::append_json_number(out, number);
    out += '"';
    close(']');
    return *this;
  }
};

/// { ... }, name by name, in the order of the calls. A name that is added twice stands there twice
/// (jsonb keeps the last).
class json_object : public detail::json_text {
 public:
  json_object() : json_text("{}") {}
  /// Empty again, with its memory; also makes a moved-from writer usable.
  void clear() { reset("{}"); }

  template <class T>
  json_object& add(std::string_view name, const T& value) {
    detail::append_json(begin(name), value);
    close('}');
    return *this;
  }
  /// Adds what is JSON already, unchecked.
  json_object& add_raw(std::string_view name, std::string_view json) {
    begin(name) += json;
    close('}');
    return *this;
  }
  /// Adds a number as a string, for readers that would make a float of it: "10.50".
  template <detail::json_number T>
  json_object& add_string(std::string_view name, const T& number) {
    std::string& out = begin(name);
    out += '"';
    detail::append_json_number(out, number);
    out += '"';
    close('}');
    return *this;
  }

 private:
  std::string& begin(std::string_view name) {
    std::string& out = open();
    detail::append_json_string(out, name);
    out += ':';
    return out;
  }
};

}  // namespace mig
