#pragma once
// Whether certain rows are in the source, by their legacy keys.
#include <map>
#include <string>
#include <vector>

#include "plan/plan.hpp"

namespace mighost {

/// Those of the keys that the source has now, in canonical text, and whether the declared filters
/// let the row through. Throws SqlError.
std::map<std::string, bool> look_up_keys(Session& source, const PlannedEntity& planned,
                                         const std::vector<std::string>& keys);

}  // namespace mighost
