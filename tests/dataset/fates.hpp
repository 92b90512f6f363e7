// What became of rows that others refer to. A prediction fills in its own entities and reads those
// of the entities before it, as the migration's references do.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <vector>

#include "model.hpp"

namespace mighost::dataset {

class Tally;

// What a reference finds: the parent is not there at all, or it is but stays behind itself.
enum class Fate { missing, held_back, written };

// By the index of the row in the dataset, doctors by legacy user id.
struct Fates {
  std::vector<Fate> offices, profiles, patients, products, orders;
  std::map<int, Fate> doctors;
  std::vector<Fate> cases;      // by patient
  std::vector<Fate> templates;  // business.templates
  std::vector<Fate> tasks;      // business.tasks
  std::vector<Fate> messages;   // business.messages, by record
  std::vector<Fate> files;      // business.files
  std::vector<Fate> plans;      // clinical.treatment_plans

  Fate doctor(int user_id) const;
  // The doctor whom a patient names; `missing` also when he names none.
  Fate doctor_of(const Patient& patient, const std::vector<User>& users) const;
};

// A reference with policy reject, counted in `tally` when the row ends here. False then.
bool resolved(Tally& tally, Fate parent);

// What a reference with policy null gives a note for: a key, and no written parent behind it.
inline bool lost(std::optional<Fate> parent) { return parent && *parent != Fate::written; }

}  // namespace mighost::dataset
