#pragma once
// What the ledger knows of keys that the target tables do not show: rows that earlier runs hold
// back, so that their children wait instead of being told that the parent does not exist, and rows
// that were merged into others.
#include "run/run_context.hpp"

namespace mighost {

/// Marks the keys that stand in mighost.held_back in the books of these entities, but for the rows
/// that a replay drives again.
void load_held_keys(RunContext& run, const std::vector<std::string>& entities);

/// The keys of a parent that this run only refers to: of its rows in the target, and aliases.
void load_parent_keys(RunContext& run, const Entity& parent, KeyBook& book);

/// Rows of the entity that stand in the target as another row, or that were found there by their
/// natural key; but for the rows that a replay drives again.
void load_aliases(RunContext& run, const Entity& entity, KeyBook& book);

}  // namespace mighost
