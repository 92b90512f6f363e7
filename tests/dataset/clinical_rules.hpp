// Rules of the clinical family that planting and predicting both need. They look at the model only.
#pragma once

#include <cstddef>
#include <vector>

#include "dataset.hpp"

namespace mighost::dataset {

struct JawOwner {
  std::size_t namings = 0;      // 0: an orphan, and the rest means nothing
  std::size_t instruction = 0;  // the one of lowest id that names the jaw
  bool upper = false;
};

// By jaw.
std::vector<JawOwner> jaw_owners(const Dataset& dataset);

}  // namespace mighost::dataset
