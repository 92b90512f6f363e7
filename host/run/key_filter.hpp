#pragma once
// Reading only certain rows of a source, by their legacy keys: a replay, and whoever looks at one
// row, must not read a table from end to end.
#include <string>
#include <string_view>
#include <vector>

#include "plan/plan.hpp"

namespace mighost {

/// The SQL condition that holds for the rows of the entity's source relation with these keys, in
/// the canonical text of batch/legacy_key.hpp. A text that can be no key of the entity ("abc" where
/// keys are numbers) selects nothing.
std::string key_condition(const PlannedEntity& planned, const std::vector<std::string>& keys);

}  // namespace mighost
