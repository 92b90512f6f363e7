#pragma once
// Check `references`: every value of a declared reference is the key of a row of one of its
// parents. What a valid foreign key holds the server has proved; the rest is one query per child
// table.
#include "plan/plan.hpp"
#include "validate/check_runner.hpp"

namespace mighost {

/// A foreign key of one column that holds for every row, now.
struct HeldReference {
  std::uint32_t child = 0;         // table
  std::string column;              // of the child
  std::string parent, parent_key;  // quoted
};

/// Of all tables of the plan. None when SQL steps of a plugin may have switched triggers off and on
/// again behind the server's proof.
std::vector<HeldReference> held_references(const Plan& plan, Session& target);

/// `whole`: the table was empty before. Otherwise rows without a legacy key are others' rows, and
/// are not looked at.
Looked check_references(const Plan& plan, const PlannedEntity& child,
                        const std::vector<HeldReference>& held, bool whole, Session& target,
                        std::uint32_t keys_shown);

}  // namespace mighost
