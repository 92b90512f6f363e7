#include "plan/query_faults.hpp"

#include <algorithm>

#include "pg/catalog.hpp"
#include "pg/missing_columns.hpp"
#include "plan/schema_match.hpp"
#include "plan/table_hint.hpp"
#include "report/nearest.hpp"
#include "report/text.hpp"

namespace mighost {
namespace {

/// The columns of a query that were looked for in the same tables.
struct Group {
  std::vector<std::string> tables;  // those that exist
  std::vector<std::string> live_columns;
  std::vector<MissingColumn> missing;
};

Group group_of(const MissingColumn& missing, Session& source) {
  Group group;
  for (const auto& relation : missing.relations) {
    const auto table = read_table(source, relation);
    if (!table) continue;  // a WITH query, or no relation at all
    const std::string shown = table->shown();
    auto& tables = group.tables;
    if (std::find(tables.begin(), tables.end(), shown) != tables.end()) continue;
    tables.push_back(shown);
    const auto names = names_of(table->columns);
    group.live_columns.insert(group.live_columns.end(), names.begin(), names.end());
  }
  return group;
}

std::vector<Group> grouped(const std::vector<MissingColumn>& missing, Session& source) {
  std::vector<Group> groups;
  for (const auto& column : missing) {
    Group fresh = group_of(column, source);
    auto group = std::find_if(groups.begin(), groups.end(),
                              [&](const Group& each) { return each.tables == fresh.tables; });
    if (group == groups.end()) group = groups.insert(groups.end(), std::move(fresh));
    group->missing.push_back(column);
  }
  return groups;
}

std::string complaint(const Group& group) {
  std::vector<std::string> written;
  for (const auto& column : group.missing) written.push_back(column.written);
  const std::string reads = "the source query reads " + joined(written) + ", ";
  const bool several = written.size() > 1;
  if (group.tables.empty()) return reads + "which " + (several ? "do" : "does") + " not exist";
  const std::string such = several ? "such columns" : "such column";
  if (group.tables.size() == 1) return reads + "but " + group.tables[0] + " has no " + such;
  return reads + "but none of " + joined(group.tables) + " has " + such;
}

/// What each may have been meant to be, and what there is for those that resemble nothing.
std::string remedy(const Group& group) {
  if (group.live_columns.empty()) return "correct the query in the plugin";
  std::string hints, known;
  for (const auto& column : group.missing) {
    const auto near = nearest(column.name, group.live_columns);
    if (near) hints += column.written + ": did you mean \"" + *near + "\"? ";
    if (!near && known.empty()) known = nearest_hint(column.name, group.live_columns);
  }
  if (known.empty()) hints.pop_back();
  return hints + known;
}

/// A query that names a table which does not exist gets the same hint as an entity that does.
std::string table_remedy_of(const ServerError& refused,
                            const std::vector<std::string>& known_tables) {
  constexpr const char* undefined_table = "42P01";
  const auto begin = refused.message.find('"');
  const auto end = refused.message.rfind('"');
  if (refused.sqlstate != undefined_table || begin == std::string::npos || end <= begin) {
    return "correct the query in the plugin";
  }
  return table_remedy(refused.message.substr(begin + 1, end - begin - 1), known_tables);
}

}  // namespace

Faults refused_query_faults(const Entity& entity, const ServerError& refused, Session& source,
                            const std::vector<std::string>& known_tables) {
  Faults faults;
  for (const Group& group : grouped(missing_columns(source, entity.source_query), source)) {
    faults.push_back({entity.name, complaint(group), remedy(group)});
  }
  if (faults.empty()) {
    faults.push_back({entity.name, "the source refuses the source query: " + refused.safe_message(),
                      table_remedy_of(refused, known_tables)});
  }
  return faults;
}

}  // namespace mighost
