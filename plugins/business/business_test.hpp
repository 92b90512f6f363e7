// What the tests of the business family share. The expected values come from
// docs/families/business.md.
#pragma once

#include <gtest/gtest.h>

#include <mighost/testing.hpp>
#include <utility>
#include <vector>

#include "business.cpp"  // NOLINT(bugprone-suspicious-include): the types are the plugin's own

namespace business::tests {

using mig::testing::fate;
using mig::testing::key_of;
using mig::testing::outcome;

inline mig::testing::bench business_bench() { return mig::testing::bench{mighost_plugin_v1()}; }

inline mig::timestamptz at(std::string_view text) { return mig::timestamptz::parse(text).value(); }

inline const mig::timestamptz noon = at("2025-03-04T12:00:00Z");

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

/// True when the row was quarantined as a child without parent, because of this column.
inline bool orphan(const outcome& got, std::string_view column) {
  return got.rejected(0, "missing_parent") && got.column(0, "missing_parent") == column &&
         codes_of(got) == codes{"missing_parent"};
}

/// The predicates of an entity's filters, each with its code.
template <class Entity>
std::vector<std::pair<std::string, std::string>> filters_of() {
  std::vector<std::pair<std::string, std::string>> filters;
  for (const mig::filter& each : Entity::filters) filters.emplace_back(each.code, each.where);
  return filters;
}

}  // namespace business::tests
