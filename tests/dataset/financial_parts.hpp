// The functions behind the parts of the financial family, and of the tables that nobody migrates;
// see dataset.hpp for what a part is.
#pragma once

#include "dataset.hpp"

namespace mighost::dataset {

void generate_offers(Dataset& dataset);
void write_offers(const Dataset& dataset, Sink& sink);

void generate_payments(Dataset& dataset);
void write_payments(const Dataset& dataset, Sink& sink);

void generate_purchases(Dataset& dataset);
void write_purchases(const Dataset& dataset, Sink& sink);

void plant_payment_dirt(Dataset& dataset);
void predict_financial(const Dataset& dataset, Oracle& oracle);

// Tables that are known and deliberately unmapped: they stand there to be left alone.
void write_unmapped(const Dataset& dataset, Sink& sink);

}  // namespace mighost::dataset
