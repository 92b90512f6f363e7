// What the tests of the financial family share. The expected values come from
// docs/families/financial.md.
#pragma once

#include <gtest/gtest.h>

#include <mighost/testing.hpp>
#include <utility>
#include <vector>

#include "financial.cpp"  // NOLINT(bugprone-suspicious-include): the types are the plugin's own

namespace financial::tests {

using mig::testing::key_of;
using mig::testing::number;
using mig::testing::outcome;

using codes = std::vector<std::string>;

inline mig::testing::bench financial_bench() { return mig::testing::bench{mighost_plugin_v1()}; }

inline mig::timestamptz at(std::string_view text) { return mig::timestamptz::parse(text).value(); }

/// A numeric column as its exact text, or "NULL".
inline std::string amount_of(const mig::testing::record& row, std::string_view column) {
  return row.is_null(column) ? "NULL" : row.numeric_text(column);
}

/// A text column, or "NULL".
inline std::string text_or_null(const mig::testing::record& row, std::string_view column) {
  return row.is_null(column) ? "NULL" : row.text(column);
}

/// The codes of all findings, in their order.
inline codes codes_of(const outcome& got) {
  codes found;
  for (const auto& each : got.findings) found.push_back(each.code);
  return found;
}

/// NULL for an empty text.
inline maybe_amount amount(std::string_view text) {
  if (text.empty()) return std::nullopt;
  return number(text);
}

/// NaN as numeric_send writes it.
inline mig::numeric not_a_number() {
  static constexpr char wire[] = {0, 0, 0, 0, '\xC0', 0, 0, 0};
  return {std::string_view{wire, sizeof wire}};
}

}  // namespace financial::tests
