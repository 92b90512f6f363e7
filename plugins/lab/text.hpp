// What counts as no text in the laboratory's database, and how texts are tidied. The rules stand at
// the top of docs/families/core.md; every family of the laboratory follows them.
//
// Text that a rule returns lives in its argument, in a constant, or in the host's memory, so it may
// stand in an output row as it is.
#pragma once

#include <algorithm>
#include <mighost/plugin.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace lab {

using maybe_text = std::optional<std::string_view>;

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
  return out.concat({kind, " ", mig::digits{id}});
}

}  // namespace lab
