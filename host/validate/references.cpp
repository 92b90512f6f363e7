#include "validate/references.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "validate/legacy_keys.hpp"

namespace mighost {
namespace {

constexpr const char* held_sql = R"sql(
SELECT f.conrelid, ca.attname, n.nspname, p.relname, pa.attname
  FROM pg_constraint f
  JOIN pg_class p ON p.oid = f.confrelid
  JOIN pg_namespace n ON n.oid = p.relnamespace
  JOIN pg_attribute ca ON ca.attrelid = f.conrelid AND ca.attnum = f.conkey[1]
  JOIN pg_attribute pa ON pa.attrelid = f.confrelid AND pa.attnum = f.confkey[1]
 WHERE f.contype = 'f' AND f.convalidated AND cardinality(f.conkey) = 1
   AND f.conrelid = ANY ($1::oid[])
   AND NOT EXISTS (SELECT FROM pg_trigger t
                    WHERE t.tgconstraint = f.oid AND t.tgenabled NOT IN ('O', 'A'))
)sql";

struct Parent {
  std::string table, key;  // quoted
  bool unique = false;     // the key cannot stand twice, as far as the plan knows
  std::string entity;

  bool operator<(const Parent& other) const {
    return std::tie(table, key) < std::tie(other.table, other.key);
  }
};

/// A column and everything that it may refer to.
struct Column {
  std::string name;
  std::set<Parent> parents;
  std::string absent;  // a parent whose plugin is not loaded: where its rows are is not known
};

class ChildQuery {
 public:
  ChildQuery(const Plan& plan, const PlannedEntity& child) : plan_(plan), child_(child) {
    for (const Reference& reference : child.entity->references) add(reference);
    // Who shares the table may fill the column with keys of other entities.
    for (const Entity* other : known_entities()) {
      if (other == child.entity || quote_relation(other->target) != child.target.qualified())
        continue;
      for (const Reference& reference : other->references) {
        if (columns_.count(reference.column) != 0) add(reference);
      }
    }
  }

  Looked look(const std::vector<HeldReference>& held, bool whole, Session& target,
              std::uint32_t keys_shown) {
    Looked looked;
    std::vector<const Column*> columns;
    std::size_t proved = 0;
    for (const auto& [name, column] : columns_) {
      if (is_held(column, held)) {
        ++proved;
      } else if (column.absent.empty()) {
        columns.push_back(&column);
      } else {
        looked.remark += (looked.remark.empty() ? "" : "; ") + name +
                         " was not looked at: " + column.absent + " is not loaded";
      }
    }
    if (columns.empty() && proved == 0) looked.skipped = looked.remark;
    if (proved > 0) {
      looked.remark = std::to_string(proved) + " of " + std::to_string(columns_.size()) +
                      " held by foreign keys" + (looked.remark.empty() ? "" : "; " + looked.remark);
    }
    if (columns.empty()) return looked;
    // The tables were filled just now, so that their pages are at hand: a small child asks the
    // index of a large parent. Set until the caller goes back to its savepoint.
    target.execute("SET LOCAL random_page_cost = 1");
    const std::string own = own_rows(*child_.entity, "c", whole);
    const Rows counts = target.query(counting_sql(columns, own));
    for (std::size_t index = 0; index < columns.size(); ++index) {
      const std::uint64_t offenders = std::stoull(*counts.at(0, index));
      if (offenders == 0) continue;
      looked.troubles.push_back(trouble(*columns[index], offenders, own, target, keys_shown));
    }
    return looked;
  }

 private:
  std::vector<const Entity*> known_entities() const {
    std::set<const Plugin*> plugins;
    for (const PlannedEntity& planned : plan_.entities) plugins.insert(planned.entity->plugin);
    for (const Entity* parent : plan_.read_only_parents) plugins.insert(parent->plugin);
    std::vector<const Entity*> entities;
    for (const Plugin* plugin : plugins) {
      for (const Entity& entity : plugin->entities) entities.push_back(&entity);
    }
    return entities;
  }

  void add(const Reference& reference) {
    Column& column = columns_[reference.column];
    column.name = reference.column;
    for (const Entity* parent : known_entities()) {
      if (parent->name != reference.entity) continue;
      column.parents.insert({quote_relation(parent->target),
                             quote_identifier(parent->identity_column), is_unique(*parent),
                             parent->name});
      return;
    }
    column.absent = reference.entity;
  }

  bool is_held(const Column& column, const std::vector<HeldReference>& held) const {
    if (column.parents.size() != 1 || !column.absent.empty()) return false;
    const Parent& parent = *column.parents.begin();
    return std::any_of(held.begin(), held.end(), [&](const HeldReference& key) {
      return key.child == child_.target.oid && key.column == column.name &&
             key.parent == parent.table && key.parent_key == parent.key;
    });
  }

  bool is_unique(const Entity& parent) const {
    return std::any_of(plan_.entities.begin(), plan_.entities.end(), [&](const auto& planned) {
      return planned.entity == &parent && planned.target.has_unique_key({parent.identity_column});
    });
  }

  static std::string child_column(const Column& column) {
    return "c." + quote_identifier(column.name);
  }

  /// One scan of the child, one hash of each parent's keys.
  std::string counting_sql(const std::vector<const Column*>& columns, const std::string& own) {
    std::string select, joins;
    std::size_t parents = 0;
    for (const Column* column : columns) {
      std::string lost = child_column(*column) + " IS NOT NULL";
      for (const Parent& parent : column->parents) {
        const std::string alias = "p" + std::to_string(parents++);
        const std::string rows =
            parent.unique ? parent.table
                          : "(SELECT DISTINCT " + parent.key + " FROM " + parent.table + ")";
        joins += " LEFT JOIN " + rows + " AS " + alias + " ON " + alias + "." + parent.key + " = " +
                 child_column(*column);
        lost += " AND " + alias + "." + parent.key + " IS NULL";
      }
      select += (select.empty() ? "" : ", ") + ("count(*) FILTER (WHERE " + lost + ")");
    }
    return "SELECT " + select + " FROM " + child_.target.qualified() + " AS c" + joins + own;
  }

  Trouble trouble(const Column& column, std::uint64_t offenders, const std::string& own,
                  Session& target, std::uint32_t keys_shown) const {
    std::string where = own.empty() ? " WHERE " : own + " AND ";
    where += child_column(column) + " IS NOT NULL";
    std::string names;
    for (const Parent& parent : column.parents) {
      where += " AND NOT EXISTS (SELECT FROM " + parent.table + " AS p WHERE p." + parent.key +
               " = " + child_column(column) + ")";
      names += (names.empty() ? "" : " or ") + parent.entity;
    }
    Trouble found{"column " + column.name + " refers to no row of " + names, offenders};
    const std::string key = key_sql(*child_.entity, "c");
    for (const auto& row :
         target
             .query("SELECT " + key + " FROM " + child_.target.qualified() + " AS c" + where +
                    " ORDER BY 1 LIMIT " + std::to_string(keys_shown))
             .rows) {
      found.keys.push_back(row.front().value_or("NULL"));
    }
    return found;
  }

  const Plan& plan_;
  const PlannedEntity& child_;
  std::map<std::string, Column> columns_;
};

}  // namespace

std::vector<HeldReference> held_references(const Plan& plan, Session& target) {
  std::string oids;
  for (const PlannedEntity& planned : plan.entities) {
    if (!planned.entity->steps.empty()) return {};
    oids += (oids.empty() ? "{" : ",") + std::to_string(planned.target.oid);
  }
  if (oids.empty()) return {};
  std::vector<HeldReference> held;
  for (const auto& row : target.query(held_sql, {oids + "}"}).rows) {
    held.push_back({static_cast<std::uint32_t>(std::stoul(*row.at(0))), *row.at(1),
                    quote_identifier(*row.at(2)) + "." + quote_identifier(*row.at(3)),
                    quote_identifier(*row.at(4))});
  }
  return held;
}

Looked check_references(const Plan& plan, const PlannedEntity& child,
                        const std::vector<HeldReference>& held, bool whole, Session& target,
                        std::uint32_t keys_shown) {
  return ChildQuery(plan, child).look(held, whole, target, keys_shown);
}

}  // namespace mighost
