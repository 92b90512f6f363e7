#pragma once
// The check `sample`, and the independent path of `mighost verify`: rows picked from the target are
// read from the source again, transformed again, and compared in SQL by value: a way that shares
// nothing with the fingerprints.
#include <functional>
#include <string>
#include <vector>

#include "run/existing_rows.hpp"
#include "run/run_context.hpp"

namespace mighost {

/// What came of a second transformation. `refused` of its rows went once and would not go again;
/// they count as rows of the drift.
struct SecondLook {
  Drift drift;
  std::uint64_t refused = 0;
};

/// `keys` are legacy keys; those that the source does not have are left out. Inside a transaction
/// of the target, when all entities are loaded. `see`, if any, is given the comparison table, which
/// holds the rows as they would be now, while it is there.
SecondLook transform_again(RunContext& run, const PlannedEntity& planned, std::size_t position,
                           const std::vector<std::string>& keys,
                           const std::function<void(const std::string&)>& see = {});

/// Why rows of the entity cannot be transformed out of their order; empty when they can.
std::string not_repeatable(const Entity& entity);

/// The legacy keys of rows that were picked by the key that fingerprints know them by.
std::vector<std::string> legacy_keys_of(Session& target, const Entity& entity,
                                        const std::vector<std::string>& picked);

}  // namespace mighost
