#include "support/target_state.hpp"

#include "support/cluster.hpp"

namespace mighost::test {
namespace {

constexpr const char* outside =
    "IN (SELECT oid FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' AND nspname NOT IN "
    "('information_schema', 'mighost'))";

std::string with_namespaces(std::string sql) {
  const std::string place = "$outside";
  for (auto at = sql.find(place); at != std::string::npos; at = sql.find(place, at)) {
    sql.replace(at, place.size(), outside);
  }
  return sql;
}

constexpr const char* catalogs = R"sql(
SELECT 'schema', oid::regnamespace FROM pg_namespace WHERE oid $outside ORDER BY 2;
SELECT 'relation', oid::regclass, relkind, relowner::regrole, relacl, reloptions, relpersistence,
       relrowsecurity, reltablespace, relispartition, relreplident, relhastriggers
  FROM pg_class WHERE relnamespace $outside AND relkind <> 'i' ORDER BY oid::regclass::text;
SELECT 'column', attrelid::regclass, attnum, attname, format_type(atttypid, atttypmod), attnotnull,
       attidentity, attgenerated, attstorage, attstattarget, pg_get_expr(adbin, adrelid)
  FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid LEFT JOIN pg_attrdef d
    ON d.adrelid = attrelid AND d.adnum = attnum
  WHERE relnamespace $outside AND relkind IN ('r', 'p') AND attnum > 0
  ORDER BY attrelid::regclass::text, attnum;
SELECT 'index', pg_get_indexdef(indexrelid), indisvalid, indisready, indisclustered,
       indisreplident, indisprimary, reltablespace, relowner::regrole
  FROM pg_index JOIN pg_class c ON c.oid = indexrelid WHERE relnamespace $outside ORDER BY 2;
SELECT 'constraint', conrelid::regclass, conname, pg_get_constraintdef(c.oid), convalidated,
       (SELECT string_agg(tgrelid::regclass || ' ' || tgenabled::text, ', '
                          ORDER BY tgrelid::regclass::text, tgtype)
        FROM pg_trigger t WHERE tgconstraint = c.oid AND tgisinternal)
  FROM pg_constraint c WHERE connamespace $outside
  ORDER BY conrelid::regclass::text, conname;
SELECT 'trigger', pg_get_triggerdef(t.oid), tgenabled FROM pg_trigger t JOIN pg_class c
    ON c.oid = tgrelid WHERE relnamespace $outside AND NOT tgisinternal ORDER BY 2;
SELECT 'function', oid::regprocedure, md5(pg_get_functiondef(oid)) FROM pg_proc
  WHERE pronamespace $outside AND prokind <> 'a' ORDER BY oid::regprocedure::text;
SELECT 'comment', type, identity, description FROM pg_description,
       pg_identify_object(classoid, objoid, objsubid)
  WHERE objoid >= 16384 AND identity NOT LIKE '%mighost%' ORDER BY 2, 3;
SELECT format('SELECT ''sequence'', %L, last_value, is_called FROM %s', oid::regclass,
              oid::regclass)
  FROM pg_class WHERE relkind = 'S' AND relnamespace $outside
  ORDER BY oid::regclass::text \gexec
)sql";

/// Each line becomes a query only where its tables are there.
constexpr const char* faults = R"sql(
SET client_min_messages = error;
SET search_path = '';
SELECT 'the run ' || run_id || ' is still ' || status FROM mighost.runs WHERE status = 'running';
SELECT format('SELECT ''mighost.%s has rows of a run that brought nothing: '' || run_id || '', ''
              || count(*) FROM mighost.%s LEFT JOIN mighost.runs r USING (run_id)
              WHERE r.status IS NULL
              OR r.status NOT IN (''done'', ''unverified'') GROUP BY run_id', name, name)
  FROM unnest('{steps,quarantine,notes,new_keys,fingerprints,fingerprint_leaves,loads,chunks}'
              ::text[]) AS name
  WHERE to_regclass('mighost.' || name) IS NOT NULL \gexec
SELECT 'the books of ' || entity || ' do not balance' FROM mighost.books
  WHERE read <> written + unchanged + merged + filtered + quarantined + parked
     OR quarantined + parked <> held_back;
SELECT 'held back twice: ' || entity || ' ' || legacy_key FROM mighost.held_back
  GROUP BY entity, legacy_key HAVING count(*) > 1;
SELECT 'noted twice: ' || entity || ' ' || legacy_key || ' ' || code FROM mighost.notes
  GROUP BY run_id, entity, legacy_key, code, column_name, plugin HAVING count(*) > 1;
SELECT 'brought twice: ' || entity_type || ' ' || legacy_key FROM mighost.mappings()
  GROUP BY entity_type, legacy_key HAVING count(*) > 1;
SELECT 'brought and held back: ' || entity_type || ' ' || m.legacy_key
  FROM mighost.mappings() m JOIN mighost.held_back h
    ON h.entity = m.entity_type AND h.legacy_key = m.legacy_key;
SELECT 'a key told twice: ' || entity || ' ' || legacy_key FROM mighost.new_keys
  GROUP BY run_id, entity, legacy_key HAVING count(*) > 1;
SELECT 'SELECT ''still taken away: '' || entity || '' '' || name FROM mighost.deferred'
  WHERE to_regclass('mighost.deferred') IS NOT NULL \gexec
SELECT 'SELECT ''a chunk is not done: '' || entity || '' '' || number || '' '' || status
        FROM mighost.chunks WHERE status <> ''done'''
  WHERE to_regclass('mighost.chunks') IS NOT NULL \gexec
SELECT 'left over: ' || oid::regclass FROM pg_class
  WHERE relname LIKE 'late\_%' AND relnamespace = to_regnamespace('mighost') AND relkind = 'r';
SELECT 'left over: ' || oid::regclass FROM pg_class
  WHERE relname LIKE 'mighost%' AND relkind IN ('r', 'i') AND relnamespace $outside;
)sql";

constexpr const char* knowledge = R"sql(
SET client_min_messages = error;
SET search_path = '';
SELECT 'books', * FROM mighost.books ORDER BY entity;
SELECT 'held back', entity, legacy_key, outcome, plugin, stage, code, column_name, constraint_name,
       sqlstate, waits_for_entity, waits_for_key, md5(source_row::text) FROM mighost.held_back
  ORDER BY entity, legacy_key;
SELECT 'note', entity, legacy_key, code, column_name, detail, plugin, waits_for_entity,
       waits_for_key FROM mighost.notes ORDER BY 2, 3, 4, 5;
SELECT 'mapped', entity_type, count(*), md5(string_agg(legacy_key || '=' || new_key, ','
       ORDER BY legacy_key)) FROM mighost.mappings() GROUP BY entity_type ORDER BY 2;
SELECT 'new keys', entity, merged, count(*) FROM mighost.new_keys GROUP BY 2, 3 ORDER BY 2, 3;
SELECT 'fingerprints', entity, part, kind, target, sum(rows), sum(rows_no_key)
  FROM mighost.fingerprints GROUP BY 2, 3, 4, 5 ORDER BY 2, 3, 4;
SELECT 'leaves', entity, part, kind, sum(rows)
  FROM mighost.fingerprint_leaves GROUP BY 2, 3, 4 ORDER BY 2, 3, 4;
)sql";

}  // namespace

std::string database_state(const std::string& url, const std::string& row) {
  const std::string text = "(" + row + ")::text";
  // Whole names, whoever the user is: a role "mighost" would look into the ledger first.
  const std::string rows =
      "SET search_path = '';\nSELECT format('SELECT ''rows'', %L, count(*), md5(string_agg(' || "
      "$$" +
      text + "$$ || ', E''\\n'' ORDER BY ' || $$" + text +
      "$$ || ')) FROM %s AS t', oid::regclass, oid::regclass) FROM pg_class WHERE relkind IN "
      "('r', 'p') AND relnamespace $outside ORDER BY oid::regclass::text \\gexec\n";
  return psql(url, with_namespaces(rows + catalogs));
}

std::string ledger_state(const std::string& url) { return psql(url, knowledge); }

std::string ledger_faults(const std::string& url) {
  if (psql(url, "SELECT to_regclass('mighost.runs') IS NULL") == "t\n") return {};
  return psql(url, with_namespaces(faults));
}

}  // namespace mighost::test
