// What the tests of the clinical family share. The expected values come from
// docs/families/clinical.md.
#pragma once

#include <gtest/gtest.h>

#include <mighost/testing.hpp>
#include <utility>
#include <vector>

#include "clinical.cpp"  // NOLINT(bugprone-suspicious-include): the types are the plugin's own

namespace clinical::tests {

using mig::testing::key_of;
using mig::testing::outcome;

inline mig::testing::bench clinical_bench() { return mig::testing::bench{mighost_plugin_v1()}; }

inline mig::timestamptz at(std::string_view text) { return mig::timestamptz::parse(text).value(); }

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

/// A setting that cannot be meant ends the run before the first row, with its name.
inline void expect_refused(const outcome& got, std::string_view setting) {
  EXPECT_EQ(got.status, MIG_FAILED);
  EXPECT_NE(got.error.find(setting), std::string::npos) << got.error;
}

}  // namespace clinical::tests
