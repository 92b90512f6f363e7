#pragma once
// Indexes, constraints and triggers of target tables, as text that can be compared: nobody is to
// find them altered by a migration.
#include <cstdint>
#include <string>
#include <vector>

#include "pg/session.hpp"

namespace mighost {

/// Equal before and after a run when indexes, constraints and triggers of these tables are as they
/// were: one line for each, sorted, its definition before a tab and its state after it.
std::string structure_of(Session& target, const std::vector<std::uint32_t>& table_oids);

/// What became of them, for people: "missing: index ...; new: ...; altered: ...", of each kind the
/// first few. Empty when nothing did.
std::string structure_changes(const std::string& before, const std::string& after);

}  // namespace mighost
