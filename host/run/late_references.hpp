#pragma once
// Self and forward references: written as NULL with their rows, gathered in temporary tables, and
// set when every entity of the run is loaded. A parent that is not there leaves NULL and a note, as
// the policy says.
#include "run/run_context.hpp"

namespace mighost {

/// Creates the table that takes the pairs of one late reference, under this quoted name.
void create_late_table(RunContext& run, const PlannedEntity& child, const Reference& reference,
                       const std::string& table);
/// What set_late_references() needs to know of such a table.
LatePatch late_patch(RunContext& run, const PlannedEntity& child, const Reference& reference,
                     const std::string& table);

/// Creates the temporary table for one late reference and remembers it in the run.
const LatePatch& open_late_reference(RunContext& run, const PlannedEntity& child,
                                     const Reference& reference, std::size_t position);

/// Sets all of them. The notes written are counted with their entities.
void set_late_references(RunContext& run, RunReport& report);

}  // namespace mighost
