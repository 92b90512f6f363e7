#pragma once
// Check `sequences`: the next number that the application draws is one that no row has. Which
// sequences number the columns of a table, for this check and for who sets them.
#include <string>
#include <vector>

#include "plan/plan.hpp"
#include "validate/check_runner.hpp"

namespace mighost {

/// A sequence that numbers a column: its own (serial, identity), or one that its default draws
/// from.
struct ColumnSequence {
  const PlannedEntity* planned = nullptr;
  std::string column;    // as in the catalog
  std::string sequence;  // quoted
  bool ascending = true;
  bool may_read = false, may_set = false;  // the session's role
  bool written = false;                    // the run writes the column itself
};

/// Those of every entity's table, in the order of the plan.
std::vector<ColumnSequence> column_sequences(const Plan& plan, Session& target);

/// SQL condition: a run can set the sequence past the column's values.
std::string can_be_set(const ColumnSequence& numbering);

/// Columns that the run does not write are looked at where the table was empty before (`whole`):
/// in others' rows they are others' business. `advanced`: the run has set its sequences; before,
/// what it will set is left to it.
Looked check_sequences(const std::vector<ColumnSequence>& sequences, const PlannedEntity& planned,
                       bool whole, bool advanced, Session& target);

}  // namespace mighost
