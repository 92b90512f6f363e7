#pragma once
// Scope family: which families commit together, and in which order.
#include <string>
#include <vector>

#include "plan/plan.hpp"

namespace mighost {

/// Groups of families, each with its entities in the plan's order. A group refers to itself and to
/// earlier ones only: families that refer to each other are one group, because neither can pass its
/// checks without the other.
struct FamilyGroup {
  std::vector<std::string> families;
  std::vector<std::string> entities;
};
std::vector<FamilyGroup> family_groups(const Plan& plan);

/// The plan of these entities alone; what they refer to outside of them is read from the target.
/// Borrows from `plan`, which must outlive it. `first`: it also has what concerns the whole run.
Plan part_of_plan(const Plan& plan, const std::vector<std::string>& entities, bool first);

}  // namespace mighost
