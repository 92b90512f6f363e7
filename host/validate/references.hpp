#pragma once
// Check `references`: every value of a declared reference is the key of a row of one of its
// parents, whatever constraints the target has or has not. One query per child table.
#include "plan/plan.hpp"
#include "validate/check_runner.hpp"

namespace mighost {

/// `whole`: the table was empty before. Otherwise rows without a legacy key are others' rows, and
/// are not looked at.
Looked check_references(const Plan& plan, const PlannedEntity& child, bool whole, Session& target,
                        std::uint32_t keys_shown);

}  // namespace mighost
