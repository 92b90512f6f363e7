#include "families_floor.hpp"

#include <fstream>

namespace mighost::bench {
namespace {

// From this many rows on a table's indexes are built after its load, as mighost does.
constexpr char deferred_from[] = "5000";

// Statements that leave out, and later restore, what stands on the tables. Foreign keys go first
// and come last. :rows is the number above.
constexpr char scripts[] = R"sql(
CREATE TEMPORARY TABLE big AS
SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE nspname = 'public' AND relkind = 'r' AND (xpath('/row/n/text()', query_to_xml(
  format('SELECT count(*) AS n FROM %s', c.oid::regclass), false, true, '')))[1]::text::bigint
  >= :rows;
CREATE TEMPORARY TABLE filled AS
SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE nspname = 'public' AND relkind = 'r' AND (xpath('/row/n/text()', query_to_xml(
  format('SELECT count(*) AS n FROM (SELECT FROM %s LIMIT 1) AS t', c.oid::regclass), false, true,
  '')))[1]::text::bigint > 0;

CREATE TEMPORARY TABLE standing AS
SELECT 1 AS rank, conrelid::regclass AS on_table,
       format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS drop_it,
       format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname,
              pg_get_constraintdef(oid)) AS restore_it
FROM pg_constraint WHERE contype = 'f' AND conrelid IN (SELECT oid FROM filled)
UNION ALL
SELECT 2, conrelid::regclass, format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass,
                                     conname),
       format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname,
              pg_get_constraintdef(oid))
FROM pg_constraint WHERE contype IN ('p', 'u') AND conrelid IN (SELECT oid FROM big)
  AND NOT EXISTS (SELECT FROM pg_constraint f WHERE f.contype = 'f' AND f.conindid =
                  pg_constraint.conindid AND f.conrelid NOT IN (SELECT oid FROM filled))
UNION ALL
SELECT 2, indrelid::regclass, format('DROP INDEX %s', indexrelid::regclass),
       pg_get_indexdef(indexrelid)
FROM pg_index WHERE indrelid IN (SELECT oid FROM big)
  AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype <> 'f');

-- Parents first: the target's triggers look for them.
CREATE TEMPORARY TABLE placed AS
WITH RECURSIVE step (oid, depth) AS (
  SELECT oid, 0 FROM filled
  UNION
  SELECT f.conrelid, depth + 1 FROM step JOIN pg_constraint f
    ON f.contype = 'f' AND f.confrelid = step.oid AND f.conrelid <> f.confrelid)
SELECT oid, max(depth) AS depth FROM step GROUP BY oid;

SELECT 'BEGIN;';
SELECT drop_it || ';' FROM standing ORDER BY rank, on_table::text;
SELECT format($$\copy %s FROM PROGRAM 'psql -X -q -c "COPY %s TO STDOUT (FORMAT binary)" $$
                || $$"$FINISHED"' WITH (FORMAT binary)$$, oid::regclass, oid::regclass)
FROM filled JOIN placed USING (oid) ORDER BY depth, oid::regclass::text;
SELECT restore_it || ';' FROM standing ORDER BY rank DESC, on_table::text;
SELECT 'COMMIT;';
)sql";

constexpr char all_rows[] = R"sql(
SELECT sum((xpath('/row/n/text()', query_to_xml(
  format('SELECT count(*) AS n FROM %s', c.oid::regclass), false, true, '')))[1]::text::bigint)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE nspname = 'public' AND relkind = 'r';
)sql";

}  // namespace

double FamiliesFloor::load() const {
  const auto script = work_directory() / "floor.sql";
  std::ofstream(script) << "\\set ON_ERROR_STOP on\n"
                        << sql(finished_url_,
                               std::string("\\set rows ") + deferred_from + "\n" + scripts)
                        << '\n';
  test::Command command;
  command.arguments = {"psql", "-X", "-q", "-f", script, clone_url_};
  command.environment = {{"FINISHED", finished_url_}};
  const double seconds = run_checked(std::move(command)).seconds;
  if (sql(finished_url_, all_rows) != sql(clone_url_, all_rows)) {
    throw Failure("the floor did not end with the rows that mighost wrote");
  }
  return seconds;
}

}  // namespace mighost::bench
