#pragma once
// What the ledger knows of keys that the target tables do not show: rows that earlier runs hold
// back, so that their children wait instead of being told that the parent does not exist, and rows
// that were merged into others.
#include "run/run_context.hpp"

namespace mighost {

/// A book for each entity of the plan, and one with the keys in the target for each parent that the
/// run only refers to. Returns the parents whose tables have no rows.
std::vector<const Entity*> open_books(RunContext& run);

/// The keys of a parent whose rows are not driven: of those in the target, and aliases.
void load_parent_keys(RunContext& run, const Entity& parent, KeyBook& book);

/// Marks the keys that stand in mighost.held_back in the books of these entities, but for the rows
/// that a replay drives again.
void load_held_keys(RunContext& run, const std::vector<std::string>& entities);

/// Rows of the entity that stand in the target as another row, or that were found there by their
/// natural key; but for the rows that a replay drives again.
void load_aliases(RunContext& run, const Entity& entity, KeyBook& book);

}  // namespace mighost
