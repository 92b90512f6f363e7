// The target side of schema_match.hpp.
#include <algorithm>

#include "plan/schema_match.hpp"
#include "plan/table_hint.hpp"
#include "plan/type_match.hpp"
#include "plugin/manifest_rules.hpp"
#include "report/nearest.hpp"
#include "report/text.hpp"

namespace mighost {
namespace {

/// The type that the entity's new key has, as far as the manifest says.
mig_type identity_mig_type(const Entity& entity) {
  if (entity.identity == MIG_IDENTITY_UUID5) return MIG_UUID;
  if (entity.identity == MIG_IDENTITY_KEEP && !entity.source_columns.empty()) {
    return entity.source_columns.front().type;
  }
  const Column* emitted = find_column(entity.target_columns, entity.identity_column);
  return emitted != nullptr ? emitted->type : mig_type{MIG_TYPE_INVALID};
}

/// Faults and remarks of a column that rows are written to, whoever fills it.
void match_written_column(const CatalogColumn& live, mig_type type, bool keeps_key,
                          PlannedEntity& planned, Faults& faults) {
  const std::string where = planned.entity->name + "." + live.name;
  const TargetFit fit = fit_target(live, type);
  if (!fit.fits) {
    faults.push_back({where,
                      "the target column has the type " + live.type_name +
                          ", which does not take " + std::string(type_name(type)),
                      fit.remedy});
  }
  if (!fit.remark.empty()) {
    planned.remarks.push_back("target column " + live.name + ": " + fit.remark);
  }
  if (live.generated) {
    faults.push_back({where, "the target computes this column itself (GENERATED ALWAYS AS)",
                      "leave the column out of the target row"});
  }
  if (live.identity == 'a' && !keeps_key) {
    faults.push_back({where, "the target numbers this column itself (GENERATED ALWAYS AS IDENTITY)",
                      "leave the column out of the target row"});
  }
}

void match_target_columns(PlannedEntity& planned, Faults& faults) {
  const Entity& entity = *planned.entity;
  for (const auto& declared : entity.target_columns) {
    const CatalogColumn* live = planned.target.column(declared.name);
    planned.target_types.push_back(live);
    if (live == nullptr) {
      faults.push_back({entity.name + "." + declared.name,
                        "the target table " + entity.target + " has no such column",
                        nearest_hint(declared.name, names_of(planned.target.columns))});
      continue;
    }
    match_written_column(*live, declared.type, false, planned, faults);
    const bool late =
        std::any_of(entity.references.begin(), entity.references.end(),
                    [&](const Reference& r) { return r.late && r.column == declared.name; });
    if (late && live->not_null) {
      faults.push_back({entity.name + "." + declared.name,
                        "the late reference is first written as NULL, but the column is NOT NULL",
                        "drop NOT NULL in the target, or make the reference not late"});
    } else if (declared.nullable && live->not_null) {
      planned.remarks.push_back("target column " + declared.name +
                                " is NOT NULL, but the plugin may emit NULL: such rows are "
                                "quarantined as not_null");
    }
  }
}

void match_identity(PlannedEntity& planned, Faults& faults) {
  const Entity& entity = *planned.entity;
  if (entity.identity_column.empty()) return;
  const std::string where = entity.name + "." + entity.identity_column;
  const CatalogColumn* live = planned.target.column(entity.identity_column);
  if (live == nullptr) {
    // An assigned one is among the target columns, which have been told about.
    if (entity.identity != MIG_IDENTITY_ASSIGNED) {
      faults.push_back({where, "the target table " + entity.target + " has no such column",
                        nearest_hint(entity.identity_column, names_of(planned.target.columns))});
    }
    return;
  }
  if (!host_fills_identity(entity)) return;
  planned.identity_type = live;
  const bool keeps_key = entity.identity == MIG_IDENTITY_KEEP;
  match_written_column(*live, identity_mig_type(entity), keeps_key, planned, faults);
  if (keeps_key && (live->has_default || live->identity != ' ')) {
    planned.remarks.push_back("target column " + live->name +
                              " keeps the legacy key: its sequence has to be set past the highest");
  }
}

/// Columns that must have a value and that neither handler, host nor server gives one.
void match_unfilled(const PlannedEntity& planned, Faults& faults) {
  const Entity& entity = *planned.entity;
  for (const auto& live : planned.target.columns) {
    const bool server_fills = live.has_default || live.generated || live.identity != ' ';
    const bool we_fill = find_column(entity.target_columns, live.name) != nullptr ||
                         (host_fills_identity(entity) && live.name == entity.identity_column);
    if (!live.not_null || server_fills || we_fill) continue;
    faults.push_back({entity.name + "." + live.name,
                      "the target column is NOT NULL without a default, and nobody fills it",
                      "let the plugin emit it, or give the column a default"});
  }
}

void match_insert_right(const PlannedEntity& planned, Faults& faults) {
  const CatalogTable& table = planned.target;
  if (table.can_insert) return;
  std::vector<std::string> unwritable;
  std::size_t written = 0;
  const auto look_at = [&](const CatalogColumn* live) {
    if (live == nullptr) return;
    ++written;
    if (!live->can_insert) unwritable.push_back(live->name);
  };
  for (const CatalogColumn* live : planned.target_types) look_at(live);
  look_at(planned.identity_type);
  if (unwritable.empty() && written > 0) return;
  const bool all = unwritable.size() == written;
  const std::string columns = all ? "" : " (" + joined(unwritable) + ")";
  faults.push_back({planned.entity->name,
                    "the target role may not insert into " + table.shown() + columns,
                    "GRANT USAGE on the schema and INSERT on the table to that role"});
}

void match_target_rights(const PlannedEntity& planned, Faults& faults) {
  const Entity& entity = *planned.entity;
  const CatalogTable& table = planned.target;
  if (entity.identity != MIG_IDENTITY_NATURAL) match_insert_right(planned, faults);
  if (!table.can_select) {
    faults.push_back({entity.name, "the target role may not read " + table.shown(),
                      "GRANT SELECT on it: what was written is read back and verified"});
  }
  const bool late = std::any_of(entity.references.begin(), entity.references.end(),
                                [](const Reference& r) { return r.late; });
  if (late && !table.can_update) {
    faults.push_back({entity.name, "the target role may not update " + table.shown(),
                      "GRANT UPDATE on it: late references are set in a second pass"});
  }
  if (table.row_security_active) {
    faults.push_back({entity.name,
                      "row-level security of " + table.shown() +
                          " applies to the target role, and would hide or refuse rows",
                      "use the table's owner or a role with BYPASSRLS"});
  }
}

bool same_type(const CatalogColumn& a, const CatalogColumn& b) {
  return a.base_type_oid == b.base_type_oid;
}

}  // namespace

void match_target(PlannedEntity& planned, Faults& faults) {
  const Entity& entity = *planned.entity;
  if (planned.target.kind != 'r' && planned.target.kind != 'p') {
    faults.push_back({entity.name, "the target " + entity.target + " is not an ordinary table",
                      "name the table itself, not a view or a foreign table"});
  }
  match_target_columns(planned, faults);
  match_identity(planned, faults);
  if (entity.identity != MIG_IDENTITY_NATURAL) {
    match_unfilled(planned, faults);
  } else if (!entity.natural_key.empty() && !planned.target.has_unique_key(entity.natural_key)) {
    planned.remarks.push_back("no unique index on the natural key of " + entity.target +
                              ": a key that finds two rows is quarantined");
  }
  match_target_rights(planned, faults);
}

Fault missing_target(const Entity& entity, const std::vector<std::string>& known_tables) {
  return {entity.name, "the target table " + entity.target + " does not exist",
          table_remedy(entity.target, known_tables)};
}

void match_reference(const Reference& reference, const PlannedEntity& child, const Entity& parent,
                     const CatalogTable* parent_table, Faults& faults) {
  const CatalogColumn* column = child.target.column(reference.column);
  const CatalogColumn* key =
      parent_table != nullptr ? parent_table->column(parent.identity_column) : nullptr;
  if (column == nullptr || key == nullptr) return;  // told elsewhere
  const std::string where = child.entity->name + "." + reference.column;
  if (!same_type(*column, *key)) {
    faults.push_back({where,
                      "the column has the type " + column->type_name + ", but the key of " +
                          parent.name + " (" + parent_table->shown() + "." + key->name + ") is " +
                          key->type_name,
                      "correct the column's type, or the entity that it refers to"});
    return;
  }
  const Column* declared = find_column(child.entity->target_columns, reference.column);
  const mig_type expected = identity_mig_type(parent);
  if (declared != nullptr && expected != MIG_TYPE_INVALID && declared->type != expected) {
    faults.push_back({where,
                      "it is declared as " + std::string(type_name(declared->type)) +
                          ", but the new key of " + parent.name + " is " +
                          std::string(type_name(expected)),
                      "declare it as " + std::string(type_name(expected))});
  }
}

void match_read_only_parent(const Entity& parent, const CatalogTable* table,
                            const std::string& asked_by, Faults& faults) {
  const std::string select_it =
      "select " + parent.name + " too, so that it runs before, or switch off what refers to it";
  if (table == nullptr) {
    faults.push_back({asked_by,
                      "its parent " + parent.name + " does not run, and its target table " +
                          parent.target + " does not exist",
                      select_it});
    return;
  }
  std::vector<std::string> needed = parent.legacy_columns;
  needed.push_back(parent.identity_column);
  for (const auto& name : needed) {
    if (table->column(name) != nullptr) continue;
    faults.push_back({asked_by,
                      "its parent " + parent.name + " does not run, and " + table->shown() +
                          " has no column " + name + " to find its rows by",
                      select_it});
  }
  const bool computable =
      parent.identity == MIG_IDENTITY_UUID5 || parent.identity == MIG_IDENTITY_KEEP;
  if (!computable && parent.legacy_columns.empty()) {
    faults.push_back({asked_by,
                      "its parent " + parent.name +
                          " does not run, and its new keys cannot be "
                          "found: the target keeps no legacy key of it",
                      select_it});
  }
  if (!table->can_select) {
    faults.push_back({asked_by, "the target role may not read its parent's table " + table->shown(),
                      "GRANT SELECT on it to that role"});
  }
}

}  // namespace mighost
