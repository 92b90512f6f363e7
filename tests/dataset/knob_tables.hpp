// The tables of knobs, one for the core tables and one for each pair of other families, so that
// they can grow apart. knobs.cpp puts them together.
#pragma once

#include <array>
#include <span>

#include "knobs.hpp"

namespace mighost::dataset {

std::span<const KnobSpec> core_knobs();
std::span<const KnobSpec> business_knobs();
std::span<const KnobSpec> clinical_financial_knobs();

// The same default in every preset.
constexpr std::array<double, preset_names.size()> all(double value) {
  return {value, value, value, value};
}

}  // namespace mighost::dataset
