#include "clinical_rules.hpp"

namespace mighost::dataset {

std::vector<JawOwner> jaw_owners(const Dataset& dataset) {
  std::vector<JawOwner> owners(dataset.jaws.size());
  // Instructions stand in the order of their ids, so the first naming is the owner's.
  for (std::size_t i = 0; i < dataset.instructions.size(); ++i) {
    const auto name = [&owners, i](std::optional<std::size_t> jaw, bool upper) {
      if (jaw && owners[*jaw].namings++ == 0) {
        owners[*jaw].instruction = i;
        owners[*jaw].upper = upper;
      }
    };
    name(dataset.instructions[i].upper_jaw, true);
    name(dataset.instructions[i].lower_jaw, false);
  }
  return owners;
}

}  // namespace mighost::dataset
