#include "run/late_references.hpp"

#include <algorithm>

#include "ledger/fingerprints.hpp"
#include "ledger/transactions.hpp"
#include "plugin/host_codes.hpp"
#include "report/error.hpp"

namespace mighost {
namespace {

bool is_temporary(const std::string& table) { return table.rfind("pg_temp.", 0) == 0; }

std::string key_type(const PlannedEntity& planned, const std::string& column) {
  const CatalogColumn* live = planned.target.column(column);
  if (live == nullptr)
    throw Error(Exit::internal, "no such column: " + column, planned.entity->name);
  return live->type_name;
}

/// Of what was set: the row's key from the child, the value as it was sent.
void keep_fingerprints(RunContext& run, const LatePatch& patch) {
  const FingerprintSubject subject = fingerprint_subject(*patch.child);
  const FingerprintLayout& layout = subject.layout;
  std::string list;
  for (std::uint32_t position = 0; position < layout.columns.size(); ++position) {
    const std::string& name = layout.columns[position].name;
    const bool is_key =
        std::find(layout.key.begin(), layout.key.end(), position) != layout.key.end();
    std::string value = "NULL";
    if (name == patch.reference->column) value = "late.parent";
    if (is_key) value = "child." + quote_identifier(name);
    list += (list.empty() ? "" : ", ") + value;
  }
  const std::string parent_id = quote_identifier(patch.parent->identity_column);
  const std::string child_id = quote_identifier(patch.child->entity->identity_column);
  keep_rows_of_query(
      run.target, subject, run.run_id, patch.reference->column, Fingerprints::Kind::run,
      "SELECT " + list + " FROM " + patch.table + " AS late JOIN " +
          patch.child->target.qualified() + " AS child ON child." + child_id +
          " = late.child WHERE EXISTS (SELECT FROM " + quote_relation(patch.parent->target) +
          " AS parent WHERE parent." + parent_id + " = late.parent)");
}

}  // namespace

LatePatch late_patch(RunContext& run, const PlannedEntity& child, const Reference& reference,
                     const std::string& table) {
  const Entity& parent = run.books.at(reference.entity)->entity();
  if (parent.identity != MIG_IDENTITY_UUID5 && parent.identity != MIG_IDENTITY_KEEP) {
    throw Error(
        Exit::preflight,
        child.entity->name + " refers late to " + parent.name +
            ", whose keys cannot be computed before its rows are there",
        child.entity->name + ", column " + reference.column,
        "give " + parent.name + " computed or kept keys, or declare the reference in order");
  }
  return {&child, &reference, &parent, table};
}

void create_late_table(RunContext& run, const PlannedEntity& child, const Reference& reference,
                       const std::string& table) {
  const bool temporary = is_temporary(table);
  run.target.execute(std::string("CREATE ") + (temporary ? "TEMPORARY " : "") + "TABLE " + table +
                     " (child " + key_type(child, child.entity->identity_column) + ", parent " +
                     key_type(child, reference.column) +
                     ", child_key text, parent_key text, heals boolean)" +
                     (temporary ? " ON COMMIT DROP" : ""));
}

const LatePatch& open_late_reference(RunContext& run, const PlannedEntity& child,
                                     const Reference& reference, std::size_t position) {
  const std::string name =
      "mighost_late_" + std::to_string(position) + "_" + std::to_string(run.late.size());
  run.late.push_back(late_patch(run, child, reference, "pg_temp." + quote_identifier(name)));
  create_late_table(run, child, reference, run.late.back().table);
  return run.late.back();
}

namespace {

/// A row that was there before this replay gets only what it lacks.
void leave_what_is_set(RunContext& run, const LatePatch& patch) {
  const Entity& child = *patch.child->entity;
  run.target.execute("DELETE FROM " + patch.table + " AS late USING " +
                     patch.child->target.qualified() + " AS child WHERE late.heals AND child." +
                     quote_identifier(child.identity_column) + " = late.child AND child." +
                     quote_identifier(patch.reference->column) + " IS NOT NULL");
}

}  // namespace

void set_late_references(RunContext& run, RunReport& report) {
  for (const LatePatch& patch : run.late) {
    const std::string child = patch.child->target.qualified();
    const std::string child_id = quote_identifier(patch.child->entity->identity_column);
    const std::string parent = quote_relation(patch.parent->target);
    const std::string parent_id = quote_identifier(patch.parent->identity_column);
    if (!run.replayed.empty()) leave_what_is_set(run, patch);
    const auto set = [&](const std::string& who) {
      const Rows healed =
          run.target.query("WITH patched AS (UPDATE " + child + " AS child SET " +
                           quote_identifier(patch.reference->column) + " = late.parent FROM " +
                           patch.table + " AS late WHERE " + who + " AND child." + child_id +
                           " = late.child AND EXISTS (SELECT FROM " + parent +
                           " AS parent WHERE parent." + parent_id +
                           " = late.parent) RETURNING late.heals, late.child) "
                           "SELECT child::text FROM patched WHERE heals");
      for (const auto& row : healed.rows) {
        run.healed[patch.child->entity->name].insert(*row.front());
      }
    };
    // Of rows that this very transaction has brought nobody else knows.
    if (run.replayed.empty() && is_temporary(patch.table)) {
      set("true");
    } else {
      // What a trigger has just written under a savepoint of its own is not updated twice.
      const std::string differs = " AND child." + quote_identifier(patch.reference->column) +
                                  " IS DISTINCT FROM late.parent";
      update_recorded(run.target, run.run_id.to_text(), "child",
                      [&](const std::string& who) { set(who + differs); });
    }
    if (run.config.verify.fingerprints) keep_fingerprints(run, patch);
    const Rows missing = run.target.query(
        "WITH lost AS (INSERT INTO mighost.notes (run_id, entity, legacy_key, code, column_name, "
        "detail, plugin, waits_for_entity, waits_for_key) "
        "SELECT $1::uuid, $2, late.child_key, $3, $4, $5 || ' ' || late.parent_key || ' does not "
        "exist or did not go', $6, $5, late.parent_key FROM " +
            patch.table + " AS late WHERE EXISTS (SELECT FROM " + child + " AS child WHERE child." +
            child_id + " = late.child) AND NOT EXISTS (SELECT FROM " + parent +
            " AS parent WHERE parent." + parent_id +
            " = late.parent) RETURNING 1) SELECT count(*) FROM lost",
        {run.run_id.to_text(), patch.child->entity->name, std::string(host_code::missing_parent),
         patch.reference->column, patch.parent->name,
         patch.child->entity->plugin->family + " " + patch.child->entity->plugin->version});
    const std::uint64_t rows = std::stoull(*missing.value());
    for (EntityReport& entity : report.entities) {
      if (rows > 0 && entity.name == patch.child->entity->name)
        entity.notes[host_code::missing_parent] += rows;
    }
  }
}

}  // namespace mighost
