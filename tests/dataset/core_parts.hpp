// The functions behind the parts of the core family; see dataset.hpp for what a part is.
#pragma once

#include "dataset.hpp"

namespace mighost::dataset {

void generate_catalogue(Dataset& dataset);
void write_catalogue(const Dataset& dataset, Sink& sink);

void generate_people(Dataset& dataset);
void write_people(const Dataset& dataset, Sink& sink);

void generate_offices(Dataset& dataset);
void write_offices(const Dataset& dataset, Sink& sink);

void generate_patients(Dataset& dataset);
void write_patients(const Dataset& dataset, Sink& sink);

void generate_orders(Dataset& dataset);
void write_orders(const Dataset& dataset, Sink& sink);

void plant_core_dirt(Dataset& dataset);
void plant_case_dirt(Dataset& dataset);
void predict_core(const Dataset& dataset, Oracle& oracle);
void predict_cases(const Dataset& dataset, Oracle& oracle);

}  // namespace mighost::dataset
