// The rules for single values that several entities of the family share: phone numbers, countries,
// genders, birth dates. docs/families/core.md is the reference.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <mighost/plugin.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "codes.hpp"
#include "lab/email.hpp"
#include "lab/json_text.hpp"
#include "lab/text.hpp"

namespace core {

using lab::email_is_valid;
using lab::json_from;
using lab::maybe_text;
using lab::name_or_number;
using lab::same_ignoring_case;
using lab::tidied;
using lab::trimmed;
using mig::digits;

/// "+" and the digits of the text when there are enough of them to be a number that can be called.
template <class Output>
maybe_text phone_number(std::string_view raw, Output& out) {
  constexpr std::size_t fewest = 7;
  std::string number = "+";
  std::copy_if(raw.begin(), raw.end(), std::back_inserter(number),
               [](char c) { return c >= '0' && c <= '9'; });
  if (number.size() <= fewest) return std::nullopt;
  return out.keep(number);
}

inline bool names_united_states(std::string_view country) {
  constexpr std::string_view spellings[] = {"us",     "usa",           "u.s.",
                                            "u.s.a.", "united states", "united states of america"};
  return std::any_of(std::begin(spellings), std::end(spellings), [&](std::string_view spelling) {
    return same_ignoring_case(country, spelling);
  });
}

/// The first letter of each word in upper case, the others in lower case. Only ASCII letters
/// change; other characters beyond ASCII count as letters, so "éire" stays as it is.
inline std::string title_case(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool first = true;
  for (const char c : text) {
    const char low = mig::detail::lower(c);
    const bool letter = (low >= 'a' && low <= 'z') || mig::detail::byte(c) >= 0x80;
    out += first ? mig::detail::upper(c) : low;
    if (c == ' ') first = true;
    if (letter) first = false;
  }
  return out;
}

/// One spelling for the United States, title case for all others (D-16). Never a default.
template <class Output>
maybe_text country_name(maybe_text raw, Output& out) {
  const maybe_text country = tidied(raw, out);
  if (!country) return std::nullopt;
  if (names_united_states(*country)) return "USA";
  return out.keep(title_case(*country));
}

/// The word for dispatch_patient.sex; nothing when the code is unknown.
constexpr std::optional<std::string_view> gender_of(std::optional<std::int64_t> sex) {
  return sex ? word_for(genders, *sex) : gender_unknown;
}

/// The birth date when it can be one, else NULL and the note `birthdate_range` (D-11).
template <class Output>
std::optional<mig::date> date_of_birth(std::optional<mig::date> birthdate, mig::date today,
                                       Output& out) {
  constexpr mig::date earliest = *mig::date::from_ymd(1900, 1, 1);
  if (!birthdate || (*birthdate >= earliest && *birthdate <= today)) return birthdate;
  out.template note<"birthdate_range">("birthdate", birthdate->to_text());
  return std::nullopt;
}

}  // namespace core
