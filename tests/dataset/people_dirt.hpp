// Missing, doubled and broken e-mails and names, and people whose group promises more than there
// is (D-01 to D-09). All of it stays within one user row.
#pragma once

#include <cstddef>
#include <vector>

#include "dataset.hpp"

namespace mighost::dataset {

void plant_people_dirt(Dataset& dataset, const std::vector<std::size_t>& patients,
                       const std::vector<std::size_t>& others);

}  // namespace mighost::dataset
