#pragma once
// What loading an entity consists of beside its rows, in scope run and in chunks alike.
#include <optional>
#include <string>

#include "run/loaded_part.hpp"
#include "run/run_context.hpp"

namespace mighost {

/// Runs the entity's SQL steps of one side of its load.
void run_steps(RunContext& run, const PlannedEntity& planned, bool after);

/// The ledger records the new key of each row that goes: see ledger/mappings.hpp. `rerun`: the
/// target table had rows before.
bool keeps_keys(const Entity& entity, bool rerun);

/// The catalog's estimate of the source rows; a count when the table was never analysed or the
/// source is a query.
double expected_rows(Session& source, const PlannedEntity& planned);

/// What is wrong with a source query that claims to yield a row for each row of a table, when it
/// has yielded `read`.
std::optional<Trouble> wrong_query(Session& source, const Entity& entity, std::uint64_t read);

/// A control total of an empty table with no rows seen.
OpenTotal open_total(const PlannedEntity& planned, const PlannedTotal& total);
/// Takes in what became of the rows; `index` is the total's place in the part.
void close_open_total(OpenTotal& open, const LoadedPart& part, std::size_t index);

void fill_report(EntityReport& report, const LoadedPart& part);

}  // namespace mighost
