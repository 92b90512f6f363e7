#pragma once
// Rows that are in the target before this run: their keys, so that they count as unchanged and can
// be referenced, and the comparison that finds drift.
#include <string>

#include "pg/decode.hpp"
#include "run/run_context.hpp"

namespace mighost {

/// True when the entity's target table has rows.
bool target_has_rows(Session& target, const std::string& quoted_table);

/// The type of the entity's new key.
mig_type identity_type(const Entity& entity);

/// Decoder for a query whose columns are to be read as these types.
RowDecoder decoder_for(Session& target, const std::string& query,
                       const std::vector<mig_type>& types);

/// Reads the keys of what is there into the entity's book. Throws Error{Exit::preflight} when the
/// table has rows that cannot be told apart (neither legacy columns nor a computed key).
void load_existing_keys(Session& target, const Entity& entity, KeyBook& book);

/// Whether the rows that a run brought to a table that was empty tell their legacy keys, which need
/// not be kept elsewhere then.
bool rows_tell_keys(const Entity& entity);

/// The columns by which rows of the comparison table and of the target are the same row.
std::vector<std::string> comparison_keys(const Entity& entity);

/// Creates the temporary table that takes the rows as the source has them now; returns its quoted
/// name.
std::string create_comparison_table(Session& target, const PlannedEntity& planned,
                                    std::size_t position, const std::vector<std::string>& columns);

/// Rows of the comparison table that differ from the target's, and a remark that names the columns
/// (empty when none differ).
struct Drift {
  std::uint64_t compared = 0;
  std::uint64_t rows = 0;
  std::string remark;
  std::vector<std::string> keys;  // of the first of them
};
Drift compare_existing(Session& target, const PlannedEntity& planned,
                       const std::string& comparison_table);

/// By how much the rows that are there exceed, in a control total, what the source says of them
/// now, as exact decimal text. Nothing when the expression needs columns that the handler does not
/// write: then nobody knows.
std::optional<std::string> drift_of_total(Session& target, const PlannedEntity& planned,
                                          const std::string& comparison_table, const Total& total);

}  // namespace mighost
