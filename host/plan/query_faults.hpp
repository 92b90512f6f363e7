#pragma once
// What is wrong with a source query that the source does not take.
#include <string>
#include <vector>

#include "pg/session.hpp"
#include "plugin/fault.hpp"
#include "plugin/manifest.hpp"

namespace mighost {

/// The columns that the entity's query reads in vain, one fault for each table that lacks some;
/// for any other refusal the server's own words. `known_tables` is for "did you mean".
Faults refused_query_faults(const Entity& entity, const ServerError& refused, Session& source,
                            const std::vector<std::string>& known_tables);

}  // namespace mighost
