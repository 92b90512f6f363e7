// Amounts: exact decimals that are compared and added, never rounded (docs/families/financial.md).
#pragma once

#include <initializer_list>
#include <mighost/plugin.hpp>
#include <optional>
#include <string_view>

#include "codes.hpp"

namespace financial {

/// As the server sent it; NULL and 0 are two things (D-21).
using maybe_amount = std::optional<mig::numeric>;

/// An amount and the source column it comes from.
struct named_amount {
  std::string_view column;
  maybe_amount amount;
};

/// True when one of them has no exact value (NaN, an infinity, more than 38 digits): then the row
/// is quarantined with `amount_invalid`, and there is nothing left to do for it.
template <class Output>
bool rejects_amounts(std::initializer_list<named_amount> amounts, Output& out) {
  for (const named_amount& each : amounts) {
    if (!each.amount || mig::decimal::from(*each.amount)) continue;
    out.template reject<"amount_invalid">(each.column);
    return true;
  }
  return false;
}

/// The value for a sum, in which NULL counts as 0. Only for amounts that rejects_amounts has seen.
inline mig::decimal or_zero(const maybe_amount& amount) {
  return amount ? mig::decimal::from(*amount).value() : mig::decimal{};
}

/// The exact text as a JSON string, because readers of JSON make floats of numbers.
inline void add_exact(mig::json_object& to, std::string_view name, const maybe_amount& amount) {
  if (amount) {
    to.add_string(name, *amount);
  } else {
    to.add(name, std::nullopt);
  }
}

}  // namespace financial
