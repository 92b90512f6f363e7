#include "knobs.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "error.hpp"
#include "knob_tables.hpp"

namespace mighost::dataset {

using enum KnobKind;

namespace {

const KnobSpec& spec_of(std::string_view name) {
  const std::span<const KnobSpec> specs = knob_specs();
  const auto found = std::find_if(specs.begin(), specs.end(),
                                  [name](const KnobSpec& spec) { return spec.name == name; });
  if (found == specs.end()) {
    throw Error("there is no knob " + std::string(name), "knobs",
                "see mighost-dataset --list-knobs");
  }
  return *found;
}

std::vector<KnobSpec> concatenated() {
  std::vector<KnobSpec> specs;
  for (const auto table : {core_knobs(), business_knobs(), clinical_financial_knobs()}) {
    specs.insert(specs.end(), table.begin(), table.end());
  }
  return specs;
}

}  // namespace

std::span<const KnobSpec> knob_specs() {
  static const std::vector<KnobSpec> specs = concatenated();
  return specs;
}

Knobs::Knobs(std::string_view preset) : preset_(preset) {
  const auto* found = std::find(preset_names.begin(), preset_names.end(), preset);
  if (found == preset_names.end()) {
    throw Error("there is no preset " + preset_, "--preset", "use XS, S, A or N");
  }
  const auto index = static_cast<std::size_t>(found - preset_names.begin());
  for (const KnobSpec& spec : knob_specs()) {
    values_.emplace(spec.name, spec.defaults[index]);
  }
}

void Knobs::clean() {
  for (const KnobSpec& spec : knob_specs()) {
    if (spec.kind == dirt) {
      set(spec.name, 0);
    }
  }
}

void Knobs::set(std::string_view name, double value) {
  const KnobSpec& spec = spec_of(name);
  const bool whole = value == std::floor(value);
  if (!(value >= 0) || value > 1e8 || (!whole && (spec.kind == size || value > 1))) {
    throw Error("knob " + std::string(name) + " cannot take this value", "--knob",
                "give a share below 1 or a whole number of rows; sizes are whole numbers");
  }
  values_.find(name)->second = value;
}

double Knobs::value(std::string_view name) const {
  return values_.find(spec_of(name).name)->second;
}

std::size_t Knobs::count(std::string_view name) const {
  return static_cast<std::size_t>(value(name));
}

std::size_t Knobs::planted(std::string_view name, std::size_t base) const {
  const double wanted = value(name);
  if (wanted == 0) {
    return 0;
  }
  if (wanted >= 1) {
    return static_cast<std::size_t>(wanted);
  }
  const double share = wanted * static_cast<double>(base);
  return std::max(spec_of(name).at_least, static_cast<std::size_t>(std::llround(share)));
}

}  // namespace mighost::dataset
