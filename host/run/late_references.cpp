#include "run/late_references.hpp"

#include "plugin/host_codes.hpp"
#include "report/error.hpp"

namespace mighost {
namespace {

std::string key_type(const PlannedEntity& planned, const std::string& column) {
  const CatalogColumn* live = planned.target.column(column);
  if (live == nullptr)
    throw Error(Exit::internal, "no such column: " + column, planned.entity->name);
  return live->type_name;
}

}  // namespace

const LatePatch& open_late_reference(RunContext& run, const PlannedEntity& child,
                                     const Reference& reference, std::size_t position) {
  const Entity& parent = run.books.at(reference.entity)->entity();
  if (parent.identity != MIG_IDENTITY_UUID5 && parent.identity != MIG_IDENTITY_KEEP) {
    throw Error(
        Exit::preflight,
        child.entity->name + " refers late to " + parent.name +
            ", whose keys cannot be computed before its rows are there",
        child.entity->name + ", column " + reference.column,
        "give " + parent.name + " computed or kept keys, or declare the reference in order");
  }
  LatePatch patch;
  patch.child = &child;
  patch.reference = &reference;
  patch.parent = &parent;
  const std::string name =
      "mighost_late_" + std::to_string(position) + "_" + std::to_string(run.late.size());
  patch.table = "pg_temp." + quote_identifier(name);
  run.target.execute("CREATE TEMPORARY TABLE " + name + " (child " +
                     key_type(child, child.entity->identity_column) + ", parent " +
                     key_type(child, reference.column) +
                     ", child_key text, parent_key text, heals boolean) ON COMMIT DROP");
  run.late.push_back(patch);
  return run.late.back();
}

namespace {

/// A row that was there before this replay gets only what it lacks.
std::string may_be_set(const LatePatch& patch) {
  return "(NOT late.heals OR child." + quote_identifier(patch.reference->column) + " IS NULL)";
}

}  // namespace

std::map<std::string, CountByCode> set_late_references(RunContext& run) {
  std::map<std::string, CountByCode> notes;
  for (const LatePatch& patch : run.late) {
    const std::string child = patch.child->target.qualified();
    const std::string child_id = quote_identifier(patch.child->entity->identity_column);
    const std::string parent = quote_relation(patch.parent->target);
    const std::string parent_id = quote_identifier(patch.parent->identity_column);
    const std::string settable = may_be_set(patch);
    const Rows healed = run.target.query(
        "WITH patched AS (UPDATE " + child + " AS child SET " +
        quote_identifier(patch.reference->column) + " = late.parent FROM " + patch.table +
        " AS late WHERE child." + child_id + " = late.child AND " + settable +
        " AND EXISTS (SELECT FROM " + parent + " AS parent WHERE parent." + parent_id +
        " = late.parent) RETURNING late.heals, late.child) "
        "SELECT child::text FROM patched WHERE heals");
    for (const auto& row : healed.rows) run.healed[patch.child->entity->name].insert(*row.front());
    const Rows missing = run.target.query(
        "WITH lost AS (INSERT INTO mighost.notes (run_id, entity, legacy_key, code, column_name, "
        "detail, plugin, waits_for_entity, waits_for_key) "
        "SELECT $1::uuid, $2, late.child_key, $3, $4, $5 || ' ' || late.parent_key || ' does not "
        "exist or did not go', $6, $5, late.parent_key FROM " +
            patch.table + " AS late WHERE EXISTS (SELECT FROM " + child + " AS child WHERE child." +
            child_id + " = late.child AND " + settable + ") AND NOT EXISTS (SELECT FROM " + parent +
            " AS parent WHERE parent." + parent_id +
            " = late.parent) RETURNING 1) SELECT count(*) FROM lost",
        {run.run_id.to_text(), patch.child->entity->name, std::string(host_code::missing_parent),
         patch.reference->column, patch.parent->name,
         patch.child->entity->plugin->family + " " + patch.child->entity->plugin->version});
    const std::uint64_t rows = std::stoull(*missing.value());
    if (rows > 0) notes[patch.child->entity->name][host_code::missing_parent] += rows;
  }
  return notes;
}

}  // namespace mighost
