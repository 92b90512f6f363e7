// The functions behind the parts of the business family; see dataset.hpp for what a part is. Cases
// stand with the core parts.
#pragma once

#include "dataset.hpp"

namespace mighost::dataset {

void generate_templates(Dataset& dataset);
void write_templates(const Dataset& dataset, Sink& sink);
void predict_templates(const Dataset& dataset, Oracle& oracle);

void generate_records(Dataset& dataset);
void write_records(const Dataset& dataset, Sink& sink);
void predict_records(const Dataset& dataset, Oracle& oracle);

void generate_files(Dataset& dataset);
void write_files(const Dataset& dataset, Sink& sink);
void predict_files(const Dataset& dataset, Oracle& oracle);

void generate_tasks(Dataset& dataset);
void write_tasks(const Dataset& dataset, Sink& sink);
void predict_tasks(const Dataset& dataset, Oracle& oracle);

void generate_comments(Dataset& dataset);
void write_comments(const Dataset& dataset, Sink& sink);
void predict_comments(const Dataset& dataset, Oracle& oracle);

void generate_actions(Dataset& dataset);
void write_actions(const Dataset& dataset, Sink& sink);
void predict_actions(const Dataset& dataset, Oracle& oracle);

// Notifications are too many for memory: they are drawn again each time they are needed.
void check_notifications(Dataset& dataset);
void write_notifications(const Dataset& dataset, Sink& sink);
void predict_notifications(const Dataset& dataset, Oracle& oracle);

}  // namespace mighost::dataset
