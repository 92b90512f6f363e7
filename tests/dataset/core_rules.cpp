#include "core_rules.hpp"

namespace mighost::dataset {

Doctors doctors_by_user_id(const Dataset& dataset) {
  Doctors doctors;
  for (std::size_t user = 0; user < dataset.users.size(); ++user) {
    if (dataset.users[user].groups.test(group_doctor)) {
      doctors[dataset.users[user].id] = user;
    }
  }
  for (const Office& office : dataset.offices) {
    if (office.owner) {
      doctors[dataset.users[*office.owner].id] = *office.owner;
    }
  }
  for (const Patient& patient : dataset.patients) {
    if (patient.doctor) {
      doctors[dataset.users[*patient.doctor].id] = *patient.doctor;
    } else if (patient.deleted_doctor_id) {
      doctors.emplace(*patient.deleted_doctor_id, std::nullopt);
    }
  }
  return doctors;
}

std::vector<std::optional<std::size_t>> primary_offices(const Dataset& dataset) {
  using Choice = std::vector<std::optional<std::size_t>>;
  Choice linked(dataset.users.size());
  Choice owned(dataset.users.size());
  const auto consider = [&dataset](Choice& choice, std::size_t user, std::size_t office) {
    const bool better =
        !choice[user] || dataset.offices[office].id < dataset.offices[*choice[user]].id;
    if (dataset.offices[office].valid && better) {
      choice[user] = office;
    }
  };
  for (const OfficeDoctor& link : dataset.office_doctors) {
    consider(linked, link.user, link.office);
  }
  for (std::size_t office = 0; office < dataset.offices.size(); ++office) {
    if (dataset.offices[office].owner) {
      consider(owned, *dataset.offices[office].owner, office);
    }
  }
  for (std::size_t user = 0; user < linked.size(); ++user) {
    if (!linked[user]) {
      linked[user] = owned[user];
    }
  }
  return linked;
}

bool is_sound(const Dataset& dataset, std::size_t instruction) {
  const Instruction& order = dataset.instructions[instruction];
  const Patient& patient = dataset.patients[order.patient];
  return !order.planted && !patient.planted && !patient.status_unknown;
}

}  // namespace mighost::dataset
