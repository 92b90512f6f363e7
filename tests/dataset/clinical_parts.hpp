// The functions behind the parts of the clinical family; see dataset.hpp for what a part is.
#pragma once

#include "dataset.hpp"

namespace mighost::dataset {

void generate_projects(Dataset& dataset);
void write_projects(const Dataset& dataset, Sink& sink);

}  // namespace mighost::dataset
