// The rules for single values that several entities of the family share. docs/families/business.md
// is the reference.
//
// Text that a rule returns lives in its argument, in a constant, or in the host's memory, so it may
// stand in an output row as it is.
#pragma once

#include <cstddef>
#include <mighost/plugin.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "codes.hpp"
#include "lab/json_text.hpp"
#include "lab/text.hpp"

namespace business {

using lab::json_from;
using lab::maybe_text;
using lab::trimmed;
using mig::digits;

using maybe_id = std::optional<std::int64_t>;
using maybe_time = std::optional<mig::timestamptz>;

/// Comments and notes without text carry nothing (D-40). The characters are mig::trim's blanks.
inline constexpr mig::filter not_empty_text{R"(btrim(text, E' \t\n\r\x0B\f\u00A0\u3000') <> '')",
                                            "empty_text",
                                            "there is nothing but blanks in the text"};

/// A word to look for, and what a text that contains it is taken for.
struct keyword {
  std::string_view part;
  std::string_view meaning;
};

/// The meaning of the first keyword that `text` contains, ASCII case ignored. `buffer` saves an
/// allocation for each row and must not hold `text`.
inline maybe_text first_keyword(std::string_view text, std::span<const keyword> keywords,
                                std::string& buffer) {
  const std::string_view lower = mig::ascii_lower(text, buffer);
  for (const keyword& each : keywords) {
    if (lower.find(each.part) != lower.npos) return each.meaning;
  }
  return std::nullopt;
}

/// The first `count` characters (code points) of a text in UTF-8, without blanks around the text.
inline std::string_view first_characters(std::string_view text, std::size_t count) {
  const std::string_view inner = mig::trim(text);
  std::size_t at = 0;
  for (; at < inner.size(); ++at) {
    const bool begins = (mig::detail::byte(inner[at]) & 0xC0) != 0x80;
    if (begins && count-- == 0) break;
  }
  return inner.substr(0, at);
}

/// What a text is shown as in a list.
inline std::string_view subject_of(std::string_view text) {
  constexpr std::size_t subject_characters = 50;
  return first_characters(text, subject_characters);
}

}  // namespace business
