#pragma once
// The check `sample`: rows picked from the target are read from the source again, transformed
// again, and compared in SQL by value: a way that shares nothing with the fingerprints.
#include <string>
#include <vector>

#include "run/existing_rows.hpp"
#include "run/run_context.hpp"

namespace mighost {

/// `keys` are legacy keys; those that the source does not have are left out. Inside the run's
/// transaction, when all entities are loaded.
Drift transform_again(RunContext& run, const PlannedEntity& planned, std::size_t position,
                      const std::vector<std::string>& keys);

/// Legacy keys of rows for which the target table has only the new key.
std::vector<std::string> legacy_keys_of(Session& target, const Entity& entity,
                                        const std::vector<std::string>& new_keys);

}  // namespace mighost
