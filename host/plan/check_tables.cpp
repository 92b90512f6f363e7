#include "plan/check_tables.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "plan/graph.hpp"
#include "plan/plan_facts.hpp"
#include "plan/selection.hpp"
#include "report/text.hpp"

namespace mighost {
namespace {

constexpr const char* catalogs_check = "catalogs match";
constexpr const char* source_rights_check = "source rights";
constexpr const char* target_rights_check = "target rights";
constexpr const char* ownership_check = "target ownership";
constexpr const char* row_security_check = "row-level security";
constexpr const char* content_types_check = "content types";

/// The live tables that the selected entities name; those that do not exist are the catalogs'
/// fault.
struct Tables {
  std::vector<CatalogTable> source, target;
};

void add_table(Session& session, const std::string& name, std::set<std::string>& seen,
               std::vector<CatalogTable>& tables) {
  if (name.empty() || !seen.insert(name).second) return;
  if (auto table = read_table(session, name)) tables.push_back(std::move(*table));
}

Tables read_tables(const std::vector<const Plugin*>& plugins, const RunConfig& config,
                   Session& source, Session& target) {
  Tables tables;
  std::set<std::string> seen_in_source, seen_in_target;
  const auto selected = selected_entities(plugins, config, {});
  for (const Entity* entity : all_entities(plugins)) {
    if (selected.count(entity->name) == 0) continue;
    add_table(source, entity->source, seen_in_source, tables.source);
    add_table(target, entity->target, seen_in_target, tables.target);
  }
  return tables;
}

void check_catalogs(const std::vector<const Plugin*>& plugins, const RunConfig& config,
                    Session& source, Session& target, CheckList& list) {
  Faults faults;
  const Plan plan = examine_plan(plugins, config, {}, source, target, faults);
  for (const auto& fault : faults) {
    list.fail(catalogs_check, fault.where + ": " + fault.what, fault.next);
  }
  if (!faults.empty()) return;
  list.pass(catalogs_check,
            counted(plan.entities.size(), "entity fits", "entities fit") + " both databases");
}

template <class May>
std::vector<std::string> tables_without(const std::vector<CatalogTable>& tables, May may) {
  std::vector<std::string> names;
  for (const auto& table : tables) {
    if (!may(table)) names.push_back(table.shown());
  }
  return names;
}

void check_source_rights(const Tables& tables, CheckList& list) {
  const auto denied = tables_without(tables.source, [](const CatalogTable& table) {
    return table.can_select || std::any_of(table.columns.begin(), table.columns.end(),
                                           [](const CatalogColumn& c) { return c.can_select; });
  });
  if (denied.empty()) {
    const std::size_t n = tables.source.size();
    return list.pass(source_rights_check,
                     "SELECT on " + counted(n, "source table", "source tables"));
  }
  list.fail(source_rights_check, "the source role may not read " + joined(denied),
            "GRANT USAGE on the schema and SELECT on the tables to it");
}

void check_target_rights(const Tables& tables, CheckList& list) {
  const auto denied = tables_without(tables.target, [](const CatalogTable& table) {
    return table.can_insert && table.can_select;
  });
  if (denied.empty()) {
    const std::size_t n = tables.target.size();
    return list.pass(target_rights_check,
                     "SELECT and INSERT on " + counted(n, "target table", "target tables"));
  }
  list.fail(target_rights_check, "the target role may not read and write " + joined(denied),
            "GRANT USAGE on the schema and SELECT, INSERT, UPDATE on the tables to it");
}

void check_ownership(const Tables& tables, CheckList& list) {
  const auto foreign =
      tables_without(tables.target, [](const CatalogTable& table) { return table.owned; });
  if (foreign.empty()) {
    return list.pass(ownership_check, "indexes and constraints can be deferred for speed");
  }
  list.warn(ownership_check,
            "the target role does not own " + joined(foreign) +
                ": their indexes and constraints stay in place, which is slower",
            "connect as the owner, or make the role a member of the owner's");
}

void check_row_security(const Tables& tables, CheckList& list) {
  const auto open = [](const CatalogTable& table) { return !table.row_security_active; };
  auto hidden = tables_without(tables.source, open);
  const auto in_target = tables_without(tables.target, open);
  hidden.insert(hidden.end(), in_target.begin(), in_target.end());
  if (hidden.empty()) return list.pass(row_security_check, "hides no row from either role");
  list.fail(row_security_check,
            "it applies to the role on " + joined(hidden) + ": rows would be hidden or refused",
            "use the tables' owner or a role with BYPASSRLS");
}

bool has_content_types(Session& source) {
  const auto table = read_table(source, "public.django_content_type");
  return table && table->column("app_label") != nullptr && table->column("model") != nullptr;
}

/// Tables named <app>_<model>, for an app that the source knows, whose pair is not among the
/// content types. A second underscore is the mark of a many-to-many table, which has no content
/// type.
std::vector<std::string> tables_without_type(const Tables& tables,
                                             const std::set<std::string>& apps,
                                             const std::set<std::string>& pairs) {
  std::vector<std::string> missing;
  for (const auto& table : tables.source) {
    const auto underscore = table.name.find('_');
    if (underscore == std::string::npos) continue;
    const std::string app = table.name.substr(0, underscore);
    const std::string model = table.name.substr(underscore + 1);
    if (apps.count(app) == 0 || model.find('_') != std::string::npos) continue;
    std::string pair = app;
    pair.append(".").append(model);
    if (pairs.count(pair) == 0) missing.push_back(table.shown());
  }
  return missing;
}

void check_content_types(Session& source, const Tables& tables, CheckList& list) {
  if (!has_content_types(source)) {
    return list.pass(content_types_check, "the source has no django_content_type");
  }
  const Rows rows = source.query(
      "SELECT app_label, model, pg_catalog.count(*) FROM public.django_content_type "
      "GROUP BY app_label, model ORDER BY app_label, model");
  std::set<std::string> apps, pairs;
  std::vector<std::string> doubled;
  for (const auto& row : rows.rows) {
    const std::string pair = row[0].value_or("") + "." + row[1].value_or("");
    apps.insert(row[0].value_or(""));
    pairs.insert(pair);
    if (row[2] != "1") doubled.push_back(pair);
  }
  if (!doubled.empty()) {
    return list.fail(content_types_check, joined(doubled) + " stands in it more than once",
                     "generic references cannot be told apart: clean up django_content_type");
  }
  if (const auto missing = tables_without_type(tables, apps, pairs); !missing.empty()) {
    return list.warn(content_types_check, "none for " + joined(missing),
                     "generic references to these tables will find nothing");
  }
  list.pass(content_types_check,
            counted(pairs.size(), "pair of app and model, ", "pairs of app and model, ") +
                "each of them once");
}

}  // namespace

std::vector<std::string> table_checks() {
  return {catalogs_check,  source_rights_check, target_rights_check,
          ownership_check, row_security_check,  content_types_check};
}

void check_tables(const std::vector<const Plugin*>& plugins, const RunConfig& config,
                  Session& source, Session& target, CheckList& list) {
  list.make(catalogs_check, [&] { check_catalogs(plugins, config, source, target, list); });
  std::optional<Tables> tables;
  try {
    tables = read_tables(plugins, config, source, target);
  } catch (const std::exception&) {
    for (const auto& name : {source_rights_check, target_rights_check, ownership_check,
                             row_security_check, content_types_check}) {
      list.not_run(name, "the catalogs cannot be read");
    }
    return;
  }
  list.make(source_rights_check, [&] { check_source_rights(*tables, list); });
  list.make(target_rights_check, [&] { check_target_rights(*tables, list); });
  list.make(ownership_check, [&] { check_ownership(*tables, list); });
  list.make(row_security_check, [&] { check_row_security(*tables, list); });
  list.make(content_types_check, [&] { check_content_types(source, *tables, list); });
}

}  // namespace mighost
