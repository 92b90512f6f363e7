// The command line of mighost-dataset.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "generation.hpp"

namespace mighost::dataset {

struct Arguments {
  bool help = false;
  bool list_knobs = false;
  std::string preset = "XS";
  std::uint64_t seed = 1;
  bool clean = false;
  Generation generation = Generation::newer;
  std::vector<std::pair<std::string, double>> knobs;
  std::optional<std::string> source;
  std::optional<std::string> target;
  std::optional<std::string> oracle;
};

// Throws Error for what is no command line, and for options that do not go together.
Arguments parse_arguments(const std::vector<std::string>& words);

std::string usage();
std::string knob_list();

}  // namespace mighost::dataset
