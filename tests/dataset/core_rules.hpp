// Rules of the core family that planting and predicting both need: who is a doctor, which office
// is a doctor's primary one, and which orders go. They look at the model only.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "dataset.hpp"

namespace mighost::dataset {

// By legacy user id; the index is empty when the user is gone.
using Doctors = std::map<int, std::optional<std::size_t>>;

// Group Doctor, plus whomever a patient or an office names as doctor.
Doctors doctors_by_user_id(const Dataset& dataset);

// By user index: the valid office with the lowest id among the doctor's links, else among the
// offices that name the doctor.
std::vector<std::optional<std::size_t>> primary_offices(const Dataset& dataset);

// No defect holds back this order, its patient or the patient's case: a defect of a row that hangs
// on it is then the only one that decides.
bool is_sound(const Dataset& dataset, std::size_t instruction);

}  // namespace mighost::dataset
