// Would PostgreSQL's jsonb take this text? Answered here, before the row travels, by RFC 8259 and
// by what the documentation (section 8.14.1) and the server's source add to it: \u0000 and lone
// surrogates are refused, and numbers must fit into numeric.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "mighost/value/text.hpp"

namespace mig {

enum class json_status : std::uint8_t {
  valid,
  invalid,
  has_nul  ///< valid but for \u0000 escapes, see replace_nul_escapes
};

/// How deep arrays and objects may stand in each other. PostgreSQL's own limit comes from
/// max_stack_depth: at the default of 2 MB it is above 10000.
inline constexpr std::size_t json_max_depth = 4096;

namespace detail {

/// One pass over a text, without recursion and without memory of its own beyond one bit for each
/// level.
class json_checker {
 public:
  explicit json_checker(std::string_view text) noexcept
      : at_(text.data()), end_(text.data() + text.size()) {}

  json_status run() noexcept {
    while (take_value()) {
      if (depth_ != 0) continue;
      skip_space();
      if (at_ != end_) return json_status::invalid;
      return nul_ ? json_status::has_nul : json_status::valid;
    }
    return json_status::invalid;
  }

 private:
  /// Takes a scalar, an empty container, or the opening of one, and then whatever closes. After
  /// true either all is closed (depth 0) or a value must follow.
  bool take_value() noexcept {
    skip_space();
    if (at_ == end_) return false;
    switch (*at_) {
      case '{':
        if (!open(true)) return false;
        if (!take('}')) return take_key();
        --depth_;
        break;
      case '[':
        if (!open(false)) return false;
        if (!take(']')) return true;
        --depth_;
        break;
      default:
        if (!take_scalar()) return false;
    }
    return take_closings();
  }

  bool take_scalar() noexcept {
    if (*at_ == '"') return take_string();
    if (*at_ == 't') return take_word("true");
    if (*at_ == 'f') return take_word("false");
    if (*at_ == 'n') return take_word("null");
    return take_number();
  }

  /// After a value: any number of closing brackets, then a comma unless all is closed.
  bool take_closings() noexcept {
    while (depth_ != 0) {
      const bool object = in_object();
      if (take(',')) return !object || take_key();
      if (!take(object ? '}' : ']')) return false;
      --depth_;
    }
    return true;
  }

  bool take_key() noexcept {
    skip_space();
    return at_ != end_ && *at_ == '"' && take_string() && take(':');
  }

  bool open(bool object) noexcept {
    if (depth_ == json_max_depth) return false;
    ++at_;
    std::uint64_t& word = objects_[depth_ / 64];
    const std::uint64_t bit = std::uint64_t{1} << (depth_ % 64);
    word = object ? word | bit : word & ~bit;
    ++depth_;
    return true;
  }

  bool in_object() const noexcept {
    return (objects_[(depth_ - 1) / 64] >> ((depth_ - 1) % 64) & 1) != 0;
  }

  void skip_space() noexcept {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\t' || *at_ == '\r')) ++at_;
  }

  bool take(char c) noexcept {
    skip_space();
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }

  bool take_word(std::string_view word) noexcept {
    if (!std::string_view(at_, static_cast<std::size_t>(end_ - at_)).starts_with(word))
      return false;
    at_ += word.size();
    return true;
  }

  void skip_plain() noexcept;
  bool take_string() noexcept;
  bool take_escape() noexcept;
  bool take_unicode_escape() noexcept;
  int take_hex() noexcept;
  std::size_t skip_digits() noexcept;
  bool take_number() noexcept;
  bool take_exponent(int& exponent) noexcept;
  static bool fits_numeric(std::string_view whole, std::string_view fraction,
                           int exponent) noexcept;

  const char* at_;
  const char* const end_;
  std::size_t depth_ = 0;
  bool nul_ = false;
  std::array<std::uint64_t, json_max_depth / 64>
      objects_;  // a bit for each open level; set by open()
};

/// Goes to the next quote, backslash, control character or byte beyond ASCII.
inline void json_checker::skip_plain() noexcept {
  if constexpr (std::endian::native == std::endian::little) {
    while (end_ - at_ >= 8) {
      const std::uint64_t word = load_eight(at_);
      const std::uint64_t quote = word ^ every_byte('"');
      const std::uint64_t backslash = word ^ every_byte('\\');
      // A byte's high bit is set where the byte is special. A borrow can only spoil the bytes above
      // the first.
      const std::uint64_t special =
          (word | (word - every_byte(0x20)) | ((quote - every_byte(1)) & ~quote) |
           ((backslash - every_byte(1)) & ~backslash)) &
          every_byte(0x80);
      if (special != 0) {
        at_ += std::countr_zero(special) / 8;
        return;
      }
      at_ += 8;
    }
  }
  while (at_ != end_ && byte(*at_) >= 0x20 && byte(*at_) < 0x80 && *at_ != '"' && *at_ != '\\')
    ++at_;
}

inline bool json_checker::take_string() noexcept {
  ++at_;
  for (;;) {
    skip_plain();
    if (at_ == end_) return false;
    if (*at_ == '"') break;
    if (*at_ == '\\') {
      if (!take_escape()) return false;
      continue;
    }
    if (byte(*at_) < 0x20) return false;
    do {
      const std::size_t length = utf8_length(at_, end_);
      if (length == 0) return false;
      at_ += length;
    } while (at_ != end_ && byte(*at_) >= 0x80);
  }
  ++at_;
  return true;
}

inline bool json_checker::take_escape() noexcept {
  ++at_;
  if (at_ == end_) return false;
  const char c = *at_++;
  if (c == 'u') return take_unicode_escape();
  return c == '"' || c == '\\' || c == '/' || c == 'b' || c == 'f' || c == 'n' || c == 'r' ||
         c == 't';
}

/// What follows "\u": a high surrogate must be followed at once by the escape of a low one.
inline bool json_checker::take_unicode_escape() noexcept {
  const int unit = take_hex();
  if (unit < 0) return false;
  if (unit == 0) nul_ = true;
  if (unit < 0xD800 || unit > 0xDFFF) return true;
  if (unit > 0xDBFF || !take_word("\\u")) return false;
  const int low = take_hex();
  return low >= 0xDC00 && low <= 0xDFFF;
}

/// Four hexadecimal digits, -1 when they are not there.
inline int json_checker::take_hex() noexcept {
  if (end_ - at_ < 4) return -1;
  int value = 0;
  for (int i = 0; i < 4; ++i) {
    const int digit = hex_value(*at_++);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

inline std::size_t json_checker::skip_digits() noexcept {
  const char* const begin = at_;
  while (at_ != end_ && *at_ >= '0' && *at_ <= '9') ++at_;
  return static_cast<std::size_t>(at_ - begin);
}

inline bool json_checker::take_number() noexcept {
  if (*at_ == '-') ++at_;
  const char* const whole_begin = at_;
  const std::size_t whole = skip_digits();
  if (whole == 0 || (whole > 1 && *whole_begin == '0')) return false;
  const char* fraction_begin = at_;
  std::size_t fraction = 0;
  if (at_ != end_ && *at_ == '.') {
    fraction_begin = ++at_;
    fraction = skip_digits();
    if (fraction == 0) return false;
  }
  int exponent = 0;
  if (at_ != end_ && (*at_ == 'e' || *at_ == 'E')) {
    if (!take_exponent(exponent)) return false;
  } else if (whole + fraction < 16'383) {
    return true;
  }
  return fits_numeric({whole_begin, whole}, {fraction_begin, fraction}, exponent);
}

/// Takes "e-5"; what is beyond +-1,100,000,000 counts as that (PostgreSQL refuses it in any case).
inline bool json_checker::take_exponent(int& exponent) noexcept {
  ++at_;
  const bool minus = at_ != end_ && *at_ == '-';
  if (at_ != end_ && (*at_ == '-' || *at_ == '+')) ++at_;
  const char* digit = at_;
  if (skip_digits() == 0) return false;
  constexpr int limit = 1'100'000'000;
  for (; digit != at_; ++digit) {
    exponent = exponent >= limit / 10 ? limit : exponent * 10 + (*digit - '0');
  }
  if (minus) exponent = -exponent;
  return true;
}

/// numeric_in's limits: 131072 digits before the point, 16383 after it (documentation section 8.1),
/// an exponent below INT_MAX/2 even for zero.
inline bool json_checker::fits_numeric(std::string_view whole, std::string_view fraction,
                                       int exponent) noexcept {
  constexpr int exponent_limit = 1'073'741'823;
  if (exponent >= exponent_limit || exponent <= -exponent_limit) return false;
  if (static_cast<std::int64_t>(fraction.size()) - exponent > 16'383) return false;
  std::int64_t leading = 0;  // the first digit that is not 0 counts 10^leading
  if (const auto in_whole = whole.find_first_not_of('0'); in_whole != std::string_view::npos) {
    leading = static_cast<std::int64_t>(whole.size() - in_whole) - 1;
  } else if (const auto in_fraction = fraction.find_first_not_of('0');
             in_fraction != std::string_view::npos) {
    leading = -static_cast<std::int64_t>(in_fraction) - 1;
  } else {
    return true;
  }
  return leading + exponent < 131'072;
}

}  // namespace detail

/// Whether a jsonb column takes the text. `valid` promises that it does, up to jsonb's limit of
/// 268435455 bytes for one container; `invalid` also covers what is nested deeper than
/// json_max_depth; `has_nul` says that \u0000 is all that stands against it. White space (RFC 8259:
/// space, tab, LF, CR) may surround the value. The encoding of the target is taken to be UTF8. Time
/// is linear, nothing is allocated.
inline json_status json_check(std::string_view text) noexcept {
  return detail::json_checker(text).run();
}

/// The text with each \u0000 escape replaced by \ufffd, the replacement character. A backslash that
/// is itself escaped (as in "\\u0000") begins no escape and stays. The text is taken to be JSON but
/// for the escapes.
inline std::string replace_nul_escapes(std::string_view text) {
  std::string out(text);
  for (std::size_t at = out.find('\\'); at < out.size(); at = out.find('\\', at + 2)) {
    if (std::string_view(out).substr(at + 1, 5) == "u0000") out.replace(at + 1, 5, "ufffd");
  }
  return out;
}

}  // namespace mig
