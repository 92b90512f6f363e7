// Everything about a dataset that can be turned: sizes, shape and dirt. A preset gives the sizes;
// the tables in knobs_*.cpp give every other default, and are what --list-knobs prints.
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace mighost::dataset {

inline constexpr std::array<std::string_view, 4> preset_names = {"XS", "S", "A", "N"};

enum class KnobKind {
  size,   // rows of a table, by preset
  shape,  // allowed variety: nothing is lost or remarked because of it
  dirt    // what --clean sets to zero
};

struct KnobSpec {
  std::string_view name;
  KnobKind kind;
  std::array<double, preset_names.size()> defaults;  // in the order of preset_names
  std::size_t at_least;                              // rows planted when the value is not zero
  std::string_view meaning;
};

std::span<const KnobSpec> knob_specs();

class Knobs {
 public:
  explicit Knobs(std::string_view preset);

  void clean();
  void set(std::string_view name, double value);

  double value(std::string_view name) const;

  // The value of a size knob, and of switches.
  std::size_t count(std::string_view name) const;

  // How many of `base` rows a knob wants: below 1 it is a share (but at least `at_least` rows, so
  // that tiny presets show every kind of dirt), from 1 on it is a number of rows.
  std::size_t planted(std::string_view name, std::size_t base) const;

  const std::string& preset() const { return preset_; }
  const std::map<std::string, double, std::less<>>& values() const { return values_; }

 private:
  std::string preset_;
  std::map<std::string, double, std::less<>> values_;
};

}  // namespace mighost::dataset
