// The functions behind the parts of the clinical family; see dataset.hpp for what a part is.
#pragma once

#include "dataset.hpp"

namespace mighost::dataset {

void generate_projects(Dataset& dataset);
void write_projects(const Dataset& dataset, Sink& sink);

void generate_brackets(Dataset& dataset);
void write_brackets(const Dataset& dataset, Sink& sink);

void generate_states(Dataset& dataset);
void write_states(const Dataset& dataset, Sink& sink);

void plant_clinical_dirt(Dataset& dataset);
void predict_clinical(const Dataset& dataset, Oracle& oracle);
void predict_states(const Dataset& dataset, Oracle& oracle);

}  // namespace mighost::dataset
