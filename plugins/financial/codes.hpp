// What the numbers of the legacy database mean, and the words for what can be wrong with a row.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <mighost/plugin.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "lab/codes.hpp"

namespace financial {

/// The words of the target's type operation_type.
inline constexpr std::string_view operation_type_words[] = {"payment", "refund"};

/// dispatch_operation.type to operation_type (domain 1.7).
inline constexpr mig::coded operation_types[] = {{1, "payment"}, {2, "refund"}};

/// What an operation without a type is (D-53): the setting `operation_null_type`, or nothing.
/// Throws std::invalid_argument, which ends the run, for a word that the target does not have.
inline std::optional<std::string_view> word_for_null_type(const mig::settings& settings) {
  const std::string word = settings.text("operation_null_type", "");
  if (word.empty()) return std::nullopt;
  const auto known =
      std::find(std::begin(operation_type_words), std::end(operation_type_words), word);
  if (known == std::end(operation_type_words)) {
    throw std::invalid_argument("setting 'operation_null_type': '" + word +
                                "' is not a value of the type operation_type; these are payment "
                                "and refund");
  }
  return *known;
}

using lab::json_invalid;
using lab::name_missing;
using lab::nul_replaced;
using lab::unknown_enum;

inline constexpr mig::code amount_invalid{
    "amount_invalid", "an amount is NaN, infinite, or longer than exact arithmetic takes"};

}  // namespace financial
