#include "run/deferral.hpp"

#include <algorithm>
#include <set>

#include "report/error.hpp"

namespace mighost {
namespace {

// One row per index of the table with everything that decides whether it can be restored exactly:
// last what its own state has against it, and what others that lean on it have.
constexpr const char* indexes_sql = R"sql(
SELECT c.relname, pg_get_indexdef(i.indexrelid), i.indisunique, con.conname, con.contype,
       pg_get_constraintdef(con.oid), i.indisclustered,
       obj_description(i.indexrelid, 'pg_class'), obj_description(con.oid, 'pg_constraint'),
       coalesce(ts.spcname, ''), pg_get_expr(i.indpred, i.indrelid),
       (SELECT string_agg(pg_get_indexdef(i.indexrelid, k, true), chr(31) ORDER BY k)
          FROM generate_series(1, i.indnkeyatts) AS k),
       position(' NULLS NOT DISTINCT' IN pg_get_indexdef(i.indexrelid)) > 0,
       CASE
         WHEN NOT i.indisvalid THEN 'it is not valid'
         WHEN i.indisexclusion THEN 'it backs an exclusion constraint'
         WHEN i.indisreplident THEN 'it is the replica identity'
         WHEN c.relispartition OR con.conparentid <> 0 THEN 'it belongs to a partitioned index'
         WHEN EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = i.indexrelid
                       AND a.attstattarget <> -1) THEN 'it has statistics targets'
         WHEN EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                       AND d.objid = i.indexrelid AND d.deptype = 'x')
           THEN 'it depends on an extension'
       END,
       CASE
         WHEN EXISTS (SELECT FROM pg_depend d WHERE d.deptype = 'n' AND
                       ((d.refclassid = 'pg_constraint'::regclass AND d.refobjid = con.oid) OR
                        (d.refclassid = 'pg_class'::regclass AND d.refobjid = i.indexrelid)) AND
                       NOT EXISTS (SELECT FROM pg_constraint f
                         WHERE d.classid = 'pg_constraint'::regclass
                                    AND f.oid = d.objid AND f.contype = 'f'))
           THEN 'another object depends on it'
         WHEN EXISTS (SELECT FROM pg_constraint f JOIN pg_class child ON child.oid = f.conrelid
                       WHERE f.contype = 'f' AND f.conindid = i.indexrelid AND
                         (NOT f.convalidated OR f.conparentid <> 0 OR child.relkind <> 'r' OR
                          NOT pg_has_role(child.relowner, 'USAGE') OR
                          EXISTS (SELECT FROM pg_trigger t WHERE t.tgconstraint = f.oid
                            AND t.tgenabled <> 'O')))
           THEN 'a foreign key to it cannot be restored exactly'
       END
  FROM pg_index i
  JOIN pg_class c ON c.oid = i.indexrelid
  LEFT JOIN pg_tablespace ts ON ts.oid = c.reltablespace
  LEFT JOIN pg_constraint con ON con.conindid = i.indexrelid AND con.conrelid = i.indrelid
                             AND con.contype IN ('p', 'u', 'x')
 WHERE i.indrelid = $1::oid
 ORDER BY i.indisprimary DESC, c.relname)sql";

// Foreign keys of the table, and those of other tables to it.
constexpr const char* foreign_keys_sql = R"sql(
SELECT f.conname, format('%I.%I', n.nspname, child.relname), pg_get_constraintdef(f.oid),
       obj_description(f.oid, 'pg_constraint'), f.conrelid = $1::oid,
       (SELECT string_agg(quote_ident(a.attname), chr(31) ORDER BY k.n)
          FROM unnest(f.conkey) WITH ORDINALITY AS k(attnum, n)
          JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.attnum),
       (SELECT string_agg(quote_ident(a.attname), chr(31) ORDER BY k.n)
          FROM unnest(f.confkey) WITH ORDINALITY AS k(attnum, n)
          JOIN pg_attribute a ON a.attrelid = f.confrelid AND a.attnum = k.attnum),
       format('%I.%I', pn.nspname, parent.relname), idx.relname,
       CASE
         WHEN NOT f.convalidated THEN 'it is not validated'
         WHEN f.conparentid <> 0 OR child.relkind <> 'r' THEN 'it belongs to a partitioned table'
         WHEN f.confmatchtype <> 's' THEN 'it is not MATCH SIMPLE'
         WHEN NOT pg_has_role(child.relowner,
           'USAGE') THEN 'the role does not own ' || child.relname
         WHEN EXISTS (SELECT FROM pg_trigger t WHERE t.tgconstraint = f.oid AND t.tgenabled <> 'O')
           THEN 'its triggers are not in their normal state'
       END,
       f.confrelid, f.confdeltype
  FROM pg_constraint f
  JOIN pg_class child ON child.oid = f.conrelid JOIN pg_namespace n ON n.oid = child.relnamespace
  JOIN pg_class parent ON parent.oid = f.confrelid
  JOIN pg_namespace pn ON pn.oid = parent.relnamespace
  JOIN pg_class idx ON idx.oid = f.conindid
 WHERE f.contype = 'f' AND (f.conrelid = $1::oid OR f.confrelid = $1::oid)
 ORDER BY f.conname)sql";

std::vector<std::string> split(const std::optional<std::string>& list) {
  std::vector<std::string> parts;
  if (!list) return parts;
  std::size_t at = 0;
  for (std::size_t end; (end = list->find('\x1f', at)) != std::string::npos; at = end + 1) {
    parts.push_back(list->substr(at, end - at));
  }
  parts.push_back(list->substr(at));
  return parts;
}

bool yes(const std::optional<std::string>& value) { return value == "t"; }

void add_comment(DeferredObject& object, const std::string& kind,
                 const std::optional<std::string>& text, const std::string& on_table) {
  if (!text) return;
  object.restore.push_back("COMMENT ON " + kind + " " + on_table + " IS " + quote_literal(*text));
}

DeferredObject index_object(const Rows& rows, std::size_t at, const CatalogTable& table) {
  const auto value = [&](std::size_t column) { return rows.at(at, column); };
  DeferredObject object;
  object.name = *value(0);
  object.table = table.qualified();
  const bool unique = yes(value(2));
  object.kind = unique ? DeferredObject::Kind::unique_index : DeferredObject::Kind::index;
  object.predicate = value(10).value_or("");
  object.key_expressions = split(value(11));
  object.nulls_distinct = !yes(value(12));
  const std::string index = quote_identifier(table.schema) + "." + quote_identifier(object.name);
  const std::string tablespace = *value(9);
  if (!tablespace.empty()) {
    object.restore.push_back("SET LOCAL default_tablespace = " + quote_literal(tablespace));
  }
  object.restore.push_back(*value(1));
  if (!tablespace.empty()) object.restore.emplace_back("SET LOCAL default_tablespace = ''");
  if (value(3)) {
    const std::string constraint = quote_identifier(*value(3));
    object.drop = "ALTER TABLE " + object.table + " DROP CONSTRAINT " + constraint;
    std::string add = "ALTER TABLE " + object.table + " ADD CONSTRAINT " + constraint +
                      (value(4) == "p" ? " PRIMARY KEY" : " UNIQUE") + " USING INDEX " +
                      quote_identifier(object.name);
    // What follows the column list in the constraint's own definition.
    const std::string definition = *value(5);
    if (const auto deferrable = definition.find(" DEFERRABLE"); deferrable != std::string::npos) {
      add += definition.substr(deferrable);
    }
    object.restore.push_back(add);
    add_comment(object, "CONSTRAINT " + constraint + " ON", value(8), object.table);
  } else {
    object.drop = "DROP INDEX " + index;
  }
  add_comment(object, "INDEX", value(7), index);
  if (yes(value(6))) {
    object.restore.push_back("ALTER TABLE " + object.table + " CLUSTER ON " +
                             quote_identifier(object.name));
  }
  return object;
}

DeferredObject foreign_key_object(const Rows& rows, std::size_t at) {
  const auto value = [&](std::size_t column) { return rows.at(at, column); };
  DeferredObject object;
  object.kind = DeferredObject::Kind::foreign_key;
  object.name = *value(0);
  object.table = *value(1);
  object.incoming = !yes(value(4));
  object.columns = split(value(5));
  object.parent_columns = split(value(6));
  object.parent = *value(7);
  const std::string constraint = quote_identifier(object.name);
  object.drop = "ALTER TABLE " + object.table + " DROP CONSTRAINT " + constraint;
  object.restore.push_back("ALTER TABLE " + object.table + " ADD CONSTRAINT " + constraint + " " +
                           *value(2));
  add_comment(object, "CONSTRAINT " + constraint + " ON", value(3), object.table);
  return object;
}

void plan_triggers(const PlannedEntity& planned, DeferralPlan& plan) {
  if (planned.config.triggers != Triggers::disable) return;
  for (const CatalogTrigger& trigger : planned.target.triggers) {
    if (trigger.enabled == 'D') continue;
    const std::string on = "ALTER TABLE " + planned.target.qualified();
    const std::string name = " TRIGGER " + quote_identifier(trigger.name);
    const char* mode = trigger.enabled == 'R'   ? " ENABLE REPLICA"
                       : trigger.enabled == 'A' ? " ENABLE ALWAYS"
                                                : " ENABLE";
    plan.disable_triggers.push_back(on + " DISABLE" + name);
    plan.enable_triggers.push_back(on + mode + name);
  }
}

// Appendix A of the PostgreSQL documentation: duplicate_table, duplicate_object.
bool is_there_already(const ServerError& error) {
  return error.sqlstate == "42P07" || error.sqlstate == "42710";
}

// Whether the catalogs say of it now what they said when it was taken away.
bool stands_as_it_was(Session& target, const DeferredObject& object) {
  const Rows found = target.query(
      "SELECT c.oid, n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = "
      "c.relnamespace WHERE c.oid = $1::regclass",
      {object.table});
  CatalogTable table;
  table.schema = *found.at(0, 1);
  table.name = *found.at(0, 2);
  const bool foreign_key = object.kind == DeferredObject::Kind::foreign_key;
  const Rows rows = target.query(foreign_key ? foreign_keys_sql : indexes_sql, {*found.at(0, 0)});
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const auto& state = rows.at(row, foreign_key ? 9 : 13);
    if (state || *rows.at(row, 0) != object.name) continue;
    const DeferredObject now =
        foreign_key ? foreign_key_object(rows, row) : index_object(rows, row, table);
    if (now.table == object.table && now.restore == object.restore) return true;
  }
  return false;
}

}  // namespace

DeferralPlan plan_deferral(Session& target, const PlannedEntity& planned, bool defer,
                           bool table_empty) {
  DeferralPlan plan;
  plan_triggers(planned, plan);
  if (!defer) return plan;
  const std::string oid = std::to_string(planned.target.oid);
  const Rows foreign_keys = target.query(foreign_keys_sql, {oid});
  const Rows indexes = target.query(indexes_sql, {oid});
  // Offenders are found by their new key, so a table without one keeps what can refuse rows.
  const bool can_find_rows = planned.identity_type != nullptr;

  std::vector<std::string> dropped_uniques;
  std::vector<DeferredObject> unique_indexes, plain_indexes;
  for (std::size_t row = 0; row < indexes.size(); ++row) {
    DeferredObject object = index_object(indexes, row, planned.target);
    const bool unique = object.kind == DeferredObject::Kind::unique_index;
    std::string reason = indexes.at(row, 13).value_or(indexes.at(row, 14).value_or(""));
    if (reason.empty() && unique && !table_empty) reason = "the table has rows already";
    if (reason.empty() && unique && !can_find_rows)
      reason = "rows of the table have no key to be found by";
    if (!reason.empty()) {
      plan.kept.push_back("index " + object.name + " stays: " + reason);
      continue;
    }
    if (unique) dropped_uniques.push_back(object.name);
    (unique ? unique_indexes : plain_indexes).push_back(std::move(object));
  }
  std::vector<DeferredObject> own, incoming;
  for (std::size_t row = 0; row < foreign_keys.size(); ++row) {
    DeferredObject object = foreign_key_object(foreign_keys, row);
    const bool index_goes = std::find(dropped_uniques.begin(), dropped_uniques.end(),
                                      *foreign_keys.at(row, 8)) != dropped_uniques.end();
    if (object.incoming && !index_goes) continue;
    std::string reason = foreign_keys.at(row, 9).value_or("");
    if (reason.empty() && !can_find_rows) reason = "rows of the table have no key to be found by";
    if (!reason.empty()) {
      plan.kept.push_back("foreign key " + object.name + " stays: " + reason);
      continue;
    }
    (object.incoming ? incoming : own).push_back(std::move(object));
  }
  // Restored in this order, dropped in the opposite one: foreign keys need the unique indexes.
  for (auto* group : {&plain_indexes, &unique_indexes, &own, &incoming}) {
    std::move(group->begin(), group->end(), std::back_inserter(plan.objects));
  }
  return plan;
}

void lock_tables(Session& target, const std::string& own_table, const DeferralPlan& plan,
                 const std::string& mode, bool patient) {
  if (plan.objects.empty() && plan.enable_triggers.empty()) return;
  std::string list = quote_literal(own_table);
  for (const DeferredObject& object : plan.objects) {
    list += ", " + quote_literal(object.table);
    if (!object.parent.empty()) list += ", " + quote_literal(object.parent);
  }
  std::string tables;
  const Rows ordered =
      target.query("SELECT DISTINCT name::regclass::oid, name::regclass::text FROM unnest(ARRAY[" +
                   list + "]) AS name ORDER BY 1");
  for (const auto& row : ordered.rows) tables += (tables.empty() ? "" : ", ") + *row[1];
  target.execute("LOCK TABLE " + tables + " IN " + mode + " MODE" + (patient ? "" : " NOWAIT"));
}

void take_away(Session& target, const DeferralPlan& plan) {
  for (const auto& statement : plan.disable_triggers) target.execute(statement);
  for (auto object = plan.objects.rbegin(); object != plan.objects.rend(); ++object) {
    target.execute(object->drop);
  }
}

bool put_back(Session& target, const DeferredObject& object, ServerError& error) {
  target.execute("SAVEPOINT mighost_restore");
  try {
    for (const auto& statement : object.restore) target.execute(statement);
  } catch (const SqlError& refused) {
    error = refused.error();
    if (error.comes_from_others()) throw;
    target.execute("ROLLBACK TO SAVEPOINT mighost_restore");
    target.execute("RELEASE SAVEPOINT mighost_restore");
    return is_there_already(error) && stands_as_it_was(target, object);
  }
  target.execute("RELEASE SAVEPOINT mighost_restore");
  return true;
}

std::string why_refused(const ServerError& error) {
  if (!is_there_already(error)) return error.safe_message();
  return "somebody has put it back by hand meanwhile, and not as it was";
}

std::string remedy_of_refused(const DeferredObject& object, const ServerError& error,
                              const std::string& about_rows) {
  if (is_there_already(error)) {
    return "drop " + object.name + ": it will be put back as it was; then the same command again";
  }
  if (error.sqlstate.starts_with("42")) {
    return "somebody has altered a table that it leans on: put that back as it was, then the same "
           "command again";
  }
  return about_rows;
}

std::vector<std::string> deferral_remarks(const DeferralPlan& plan) {
  std::vector<std::string> remarks = plan.kept;
  if (!plan.disable_triggers.empty()) {
    remarks.push_back(std::to_string(plan.disable_triggers.size()) +
                      " triggers did not fire, as configured");
  }
  return remarks;
}

ForeignKeysTo foreign_keys_to(Session& target, const std::vector<std::uint32_t>& table_oids) {
  ForeignKeysTo found;
  std::set<std::string> seen;  // a key between two of the tables is met once only
  for (const std::uint32_t oid : table_oids) {
    const Rows rows = target.query(foreign_keys_sql, {std::to_string(oid)});
    for (std::size_t row = 0; row < rows.size(); ++row) {
      DeferredObject object = foreign_key_object(rows, row);
      const bool leads_here = *rows.at(row, 10) == std::to_string(oid);
      const std::string name = object.table + "." + object.name;
      if (!leads_here || !seen.insert(name).second) continue;
      const std::string reason = rows.at(row, 9).value_or("");
      if (reason.empty()) {
        found.objects.push_back(std::move(object));
        continue;
      }
      found.kept.push_back("foreign key " + name + " stays: " + reason);
      const bool acts = *rows.at(row, 11) != "a" && *rows.at(row, 11) != "r";
      if (acts) found.acting.push_back(found.kept.back());
    }
  }
  return found;
}

void refuse_acting(const ForeignKeysTo& keys) {
  if (keys.acting.empty()) return;
  throw Error(
      Exit::preflight,
      "a foreign key would delete or change rows that refer to the run, and cannot be taken "
      "away for the rollback",
      keys.acting.front(),
      "nothing was changed; as the owner of its table validate the key, or drop it");
}

std::string fully_quoted(Session& target, const std::string& relation) {
  return *target
              .query(
                  "SELECT format('%s.%s', '\"' || n.nspname || '\"', '\"' || c.relname || '\"') "
                  "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = "
                  "$1::regclass",
                  {relation})
              .value();
}

}  // namespace mighost
