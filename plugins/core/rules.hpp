// The rules for single values that several entities share: emptiness, names, e-mail addresses,
// phone numbers, countries, birth dates, JSON texts. docs/families/core.md is the reference.
//
// Text that a rule returns lives in its argument, in a constant, or in the host's memory, so it may
// stand in an output row as it is.
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <mighost/plugin.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "codes.hpp"

namespace core {

using maybe_text = std::optional<std::string_view>;

/// An integer in decimal, with zeros in front up to `width` digits (at most 20).
class digits {
 public:
  explicit digits(std::int64_t value, std::size_t width = 1) noexcept {
    std::array<char, 24> plain{};
    const auto end = std::to_chars(plain.data(), plain.data() + plain.size(), value).ptr;
    const auto size = static_cast<std::size_t>(end - plain.data());
    const std::size_t zeros = size < width ? width - size : 0;
    std::fill_n(text_.data(), zeros, '0');
    std::copy(plain.data(), end, text_.data() + zeros);
    size_ = zeros + size;
  }
  operator std::string_view() const noexcept { return {text_.data(), size_}; }

 private:
  std::array<char, 48> text_{};
  std::size_t size_ = 0;
};

inline bool same_ignoring_case(std::string_view text, std::string_view lower_case) {
  return std::equal(text.begin(), text.end(), lower_case.begin(), lower_case.end(),
                    [](char a, char b) { return mig::detail::lower(a) == b; });
}

/// The text without blanks around it. Nothing for NULL, for what is blank, and for the words that
/// some client wrote in place of NULL (D-04).
inline maybe_text trimmed(maybe_text text) {
  if (!text) return std::nullopt;
  const std::string_view inner = mig::trim(*text);
  if (inner.empty() || same_ignoring_case(inner, "null") || same_ignoring_case(inner, "none")) {
    return std::nullopt;
  }
  return inner;
}

/// The same, and each run of blanks inside becomes one space.
template <class Output>
maybe_text tidied(maybe_text text, Output& out) {
  const maybe_text inner = trimmed(text);
  if (!inner) return std::nullopt;
  std::string buffer;
  const std::string_view tidy = mig::collapse_blanks(*inner, buffer);
  return tidy.data() == inner->data() ? tidy : out.keep(tidy);
}

/// The trimmed name, or "<kind> <id>" and the note `name_missing`.
template <class Output>
std::string_view name_or_number(maybe_text name, std::string_view kind, std::int64_t id,
                                Output& out) {
  if (const maybe_text given = trimmed(name)) return *given;
  out.template note<"name_missing">("name");
  return out.concat({kind, " ", digits{id}});
}

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

/// A JSON text for a jsonb column. What jsonb would refuse is mended (D-45) or wrapped (D-43), and
/// noted; nothing is lost.
template <class Output>
mig::json json_from(maybe_text text, std::string_view column, Output& out) {
  if (!text || text->empty()) return {"{}"};
  switch (mig::json_check(*text)) {
    case mig::json_status::valid:
      return {*text};
    case mig::json_status::has_nul:
      out.template note<"nul_replaced">(column);
      return {out.keep(mig::replace_nul_escapes(*text))};
    case mig::json_status::invalid:
      break;
  }
  out.template note<"json_invalid">(column);
  mig::json_object wrapped;
  wrapped.add("_raw", *text);
  return out.keep(wrapped);
}

}  // namespace core
