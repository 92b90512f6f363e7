// What the tests of the core family share. The expected values come from docs/families/core.md.
#pragma once

#include <gtest/gtest.h>

#include <mighost/testing.hpp>
#include <utility>
#include <vector>

#include "core.cpp"  // NOLINT(bugprone-suspicious-include): the types are the plugin's own

namespace core::tests {

using mig::testing::fate;
using mig::testing::key_of;
using mig::testing::number;
using mig::testing::outcome;

inline mig::testing::bench core_bench() { return mig::testing::bench{mighost_plugin_v1()}; }

inline mig::timestamptz at(std::string_view text) { return mig::timestamptz::parse(text).value(); }
inline mig::date day(std::string_view text) { return mig::date::parse(text).value(); }
inline mig::decimal exact(std::string_view text) { return mig::decimal::parse(text).value(); }

/// A text column, or "NULL".
inline std::string text_or_null(const mig::testing::record& row, std::string_view column) {
  return row.is_null(column) ? "NULL" : row.text(column);
}

/// The codes of all findings, in their order.
inline std::vector<std::string> codes_of(const outcome& got) {
  std::vector<std::string> codes;
  for (const auto& each : got.findings) codes.push_back(each.code);
  return codes;
}

using codes = std::vector<std::string>;

/// A text and what a rule makes of it.
struct example {
  std::optional<std::string_view> given;
  std::string_view expected;  // "NULL" for NULL
};

}  // namespace core::tests
