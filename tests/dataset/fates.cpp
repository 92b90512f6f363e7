#include "fates.hpp"

#include "oracle.hpp"

namespace mighost::dataset {

Fate Fates::doctor(int user_id) const {
  const auto found = doctors.find(user_id);
  return found == doctors.end() ? Fate::missing : found->second;
}

Fate Fates::doctor_of(const Patient& patient, const std::vector<User>& users) const {
  if (patient.doctor) {
    return doctor(users[*patient.doctor].id);
  }
  return patient.deleted_doctor_id ? doctor(*patient.deleted_doctor_id) : Fate::missing;
}

bool resolved(Tally& tally, Fate parent) {
  if (parent == Fate::missing) {
    tally.quarantined("missing_parent");
  } else if (parent == Fate::held_back) {
    tally.parked();
  }
  return parent == Fate::written;
}

}  // namespace mighost::dataset
