#include "ledger/ledger.hpp"

namespace mighost {

const char* const ledger_tables_sql = R"sql(
CREATE TABLE IF NOT EXISTS mighost.version (version int NOT NULL PRIMARY KEY);

CREATE TABLE IF NOT EXISTS mighost.runs (
  run_id        uuid PRIMARY KEY,
  status        text NOT NULL,
  scope         text NOT NULL,
  started_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at   timestamptz,
  exit_code     int,
  error         text,
  config_digest text NOT NULL,
  source        text NOT NULL,
  target        text NOT NULL,
  plugins       jsonb NOT NULL,
  report        jsonb
);
ALTER TABLE mighost.runs ADD COLUMN IF NOT EXISTS
  kind text NOT NULL DEFAULT 'run';
ALTER TABLE mighost.runs
  DROP CONSTRAINT IF EXISTS runs_kind_check,
  ADD CONSTRAINT runs_kind_check CHECK (kind IN ('run', 'replay', 'rollback')),
  DROP CONSTRAINT IF EXISTS runs_status_check,
  ADD CONSTRAINT runs_status_check CHECK (status IN
    ('running', 'done', 'failed', 'vetoed', 'interrupted', 'unverified', 'rolled-back'));
COMMENT ON COLUMN mighost.runs.status IS
  'running, with nobody connected: the process died; of a run in scope run nothing was committed. '
  'rolled-back: its rows and what the ledger knew of them are gone';
ALTER TABLE mighost.runs
  ADD COLUMN IF NOT EXISTS epoch int NOT NULL DEFAULT 0,
  ADD COLUMN IF NOT EXISTS settings jsonb,
  ADD COLUMN IF NOT EXISTS source_identity text,
  ADD COLUMN IF NOT EXISTS structure text,
  ADD COLUMN IF NOT EXISTS structure_tables oid[],
  ADD COLUMN IF NOT EXISTS structure_accepted boolean NOT NULL DEFAULT false,
  ADD COLUMN IF NOT EXISTS snapshot text,
  ADD COLUMN IF NOT EXISTS undoes uuid,
  ADD COLUMN IF NOT EXISTS records_transactions boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN mighost.runs.epoch IS
  'Raised by whoever takes the run over; nobody else commits to it from then on';
COMMENT ON COLUMN mighost.runs.settings IS
  'SHA-256 of each setting of the configuration, to name what a resumed run has otherwise';
COMMENT ON COLUMN mighost.runs.records_transactions IS
  'All of them, in mighost.transactions; not of runs that an earlier version began';
COMMENT ON COLUMN mighost.runs.undoes IS
  'The run or replay that a rollback takes back';
COMMENT ON COLUMN mighost.runs.structure_accepted IS
  'Who resumed the run takes tables that were altered since as they are';
COMMENT ON COLUMN mighost.runs.structure IS
  'Scopes family and chunk: indexes, constraints and triggers of the target tables before the run';

CREATE TABLE IF NOT EXISTS mighost.steps (
  run_id      uuid NOT NULL,
  entity      text NOT NULL,
  position    int NOT NULL,
  read        bigint NOT NULL,
  written     bigint NOT NULL,
  unchanged   bigint NOT NULL,
  merged      bigint NOT NULL,
  filtered    bigint NOT NULL,
  quarantined bigint NOT NULL,
  parked      bigint NOT NULL,
  drift       bigint NOT NULL,
  whole       boolean NOT NULL,
  seconds     numeric(12,3) NOT NULL,
  codes       jsonb NOT NULL,
  notes       jsonb NOT NULL,
  PRIMARY KEY (run_id, entity),
  CONSTRAINT books_balance CHECK
    (read = written + unchanged + merged + filtered + quarantined + parked)
);

ALTER TABLE mighost.steps
  ADD COLUMN IF NOT EXISTS taken_up bigint NOT NULL DEFAULT 0,
  ADD COLUMN IF NOT EXISTS healed bigint NOT NULL DEFAULT 0,
  ADD COLUMN IF NOT EXISTS known bigint NOT NULL DEFAULT 0,
  ADD COLUMN IF NOT EXISTS phase int NOT NULL DEFAULT 0;
COMMENT ON COLUMN mighost.steps.taken_up IS
  'Of a replay: rows of earlier quarantine records that it drove again';
COMMENT ON COLUMN mighost.steps.known IS
  'Of a replay: rows read again that were in the target already, so that books counts them once';
COMMENT ON COLUMN mighost.steps.healed IS
  'Of a replay: rows already there that got a reference which had been missing';

CREATE TABLE IF NOT EXISTS mighost.quarantine (
  run_id           uuid NOT NULL,
  entity           text NOT NULL,
  legacy_key       text NOT NULL,
  outcome          text NOT NULL CHECK (outcome IN ('quarantined', 'parked')),
  plugin           text,
  stage            text,
  code             text NOT NULL,
  column_name      text,
  constraint_name  text,
  sqlstate         text,
  message          text,
  waits_for_entity text,
  waits_for_key    text,
  source_row       jsonb,
  at               timestamptz NOT NULL DEFAULT clock_timestamp()
);
ALTER TABLE mighost.quarantine ADD COLUMN IF NOT EXISTS taken_up_by uuid;
COMMENT ON COLUMN mighost.quarantine.taken_up_by IS
  'The replay that drove the row again; what became of it then stands in that run';
CREATE INDEX IF NOT EXISTS quarantine_row ON mighost.quarantine (entity, legacy_key);
CREATE INDEX IF NOT EXISTS quarantine_wait ON mighost.quarantine (waits_for_entity, waits_for_key);
COMMENT ON TABLE mighost.quarantine IS 'Rows that did not go, with the row itself; personal data';

CREATE TABLE IF NOT EXISTS mighost.notes (
  run_id      uuid NOT NULL,
  entity      text NOT NULL,
  legacy_key  text NOT NULL,
  code        text NOT NULL,
  column_name text,
  detail      text
);
ALTER TABLE mighost.notes
  ADD COLUMN IF NOT EXISTS plugin text,
  ADD COLUMN IF NOT EXISTS waits_for_entity text,
  ADD COLUMN IF NOT EXISTS waits_for_key text,
  ADD COLUMN IF NOT EXISTS taken_up_by uuid;
CREATE INDEX IF NOT EXISTS notes_row ON mighost.notes (entity, legacy_key);

CREATE INDEX IF NOT EXISTS notes_wait ON mighost.notes (waits_for_entity, waits_for_key)
  WHERE waits_for_entity IS NOT NULL;

CREATE OR REPLACE VIEW mighost.latest_runs AS
SELECT DISTINCT ON (entity) entity, run_id, started_at
FROM mighost.steps JOIN mighost.runs USING (run_id) WHERE kind = 'run'
ORDER BY entity, started_at DESC;
COMMENT ON VIEW mighost.latest_runs IS 'The latest run of each entity that read all its rows';

CREATE OR REPLACE VIEW mighost.held_back AS
SELECT q.* FROM mighost.quarantine q
JOIN mighost.runs r USING (run_id)
LEFT JOIN mighost.latest_runs latest USING (entity)
WHERE q.taken_up_by IS NULL AND (latest.run_id IS NULL OR r.started_at >= latest.started_at);
COMMENT ON VIEW mighost.held_back IS
  'The quarantine as it stands: what the latest run of each entity and its replays hold back';

CREATE OR REPLACE VIEW mighost.books AS
SELECT entity, s.read, s.written, s.unchanged, s.merged, s.filtered,
       coalesce(h.quarantined, 0) AS quarantined, coalesce(h.parked, 0) AS parked, s.held_back
FROM (SELECT entity,
             sum(read - known - taken_up)::bigint AS read,
             sum(written)::bigint AS written,
             sum(unchanged - known)::bigint AS unchanged,
             sum(merged)::bigint AS merged,
             sum(filtered)::bigint AS filtered,
             sum(quarantined + parked - taken_up)::bigint AS held_back
      FROM mighost.steps
      JOIN mighost.runs r USING (run_id)
      LEFT JOIN mighost.latest_runs latest USING (entity)
      WHERE latest.run_id IS NULL OR r.started_at >= latest.started_at
      GROUP BY entity) AS s
LEFT JOIN (SELECT entity, count(*) FILTER (WHERE outcome = 'quarantined') AS quarantined,
                  count(*) FILTER (WHERE outcome = 'parked') AS parked
           FROM mighost.held_back GROUP BY entity) AS h USING (entity);
COMMENT ON VIEW mighost.books IS
  'What has become of the rows of each entity, over its latest run and the replays since. '
  'held_back is what the steps say; quarantined and parked are the records that stand';

CREATE TABLE IF NOT EXISTS mighost.waivers (
  entity     text NOT NULL,
  legacy_key text NOT NULL,
  who        text NOT NULL,
  why        text NOT NULL,
  at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (entity, legacy_key)
);
COMMENT ON TABLE mighost.waivers IS
  'Rows that will never come, and who said so; what waits for them is waived with them';

CREATE TABLE IF NOT EXISTS mighost.new_keys (
  run_id     uuid NOT NULL,
  entity     text NOT NULL,
  legacy_key text NOT NULL,
  new_key    text NOT NULL
);
ALTER TABLE mighost.new_keys
  ADD COLUMN IF NOT EXISTS merged boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN mighost.new_keys.merged IS 'The row stands in the target as another one';
CREATE INDEX IF NOT EXISTS new_keys_row ON mighost.new_keys (entity, legacy_key);
CREATE INDEX IF NOT EXISTS new_keys_merged ON mighost.new_keys (entity) WHERE merged;
COMMENT ON TABLE mighost.new_keys IS
  'New keys of rows for which the target table does not tell the legacy key or the run';

CREATE TABLE IF NOT EXISTS mighost.mapped_entities (
  entity text PRIMARY KEY,
  query  text NOT NULL
);
COMMENT ON TABLE mighost.mapped_entities IS
  'How the function mighost.mappings finds the keys of an entity';

CREATE OR REPLACE FUNCTION mighost.mappings(wanted text DEFAULT NULL)
RETURNS TABLE (entity_type text, legacy_id bigint, new_id uuid, migrated_at timestamptz,
               migration_batch uuid, legacy_key text, new_key text)
LANGUAGE plpgsql STABLE AS $function$
DECLARE
  mapped mighost.mapped_entities;
BEGIN
  FOR mapped IN SELECT * FROM mighost.mapped_entities e
                WHERE wanted IS NULL OR e.entity = wanted ORDER BY e.entity LOOP
    RETURN QUERY EXECUTE
      'SELECT $1, CASE WHEN m.legacy_key ~ ''^-?[0-9]{1,18}$'' THEN m.legacy_key::bigint END,
              m.new_id, r.finished_at, m.run_id, m.legacy_key, m.new_key
       FROM (' || mapped.query || ') AS m JOIN mighost.runs r USING (run_id)'
      USING mapped.entity;
  END LOOP;
END
$function$;
COMMENT ON FUNCTION mighost.mappings IS
  'Legacy key and new key of every row that went, of one entity or of all; reads the target tables';

CREATE OR REPLACE VIEW mighost.migration_mappings AS SELECT * FROM mighost.mappings();

CREATE TABLE IF NOT EXISTS mighost.fingerprints (
  record       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id       uuid NOT NULL,
  entity       text NOT NULL,
  part         text NOT NULL,
  kind         text NOT NULL CHECK (kind IN ('run', 'before')),
  target       text NOT NULL,
  target_oid   oid NOT NULL,
  layout       jsonb NOT NULL,
  rows         bigint NOT NULL,
  rows_no_key  bigint NOT NULL,
  buckets      bytea NOT NULL
);
CREATE INDEX IF NOT EXISTS fingerprints_entity ON mighost.fingerprints (entity, part);
COMMENT ON TABLE mighost.fingerprints IS
  'Sums of the fingerprints of the rows that went, by bucket of keys; those of all runs add up';
COMMENT ON COLUMN mighost.fingerprints.part IS
  'Empty: whole rows. Else a column that was set after its rows';
COMMENT ON COLUMN mighost.fingerprints.kind IS
  'before: rows that were there before the first run that kept fingerprints';

CREATE TABLE IF NOT EXISTS mighost.fingerprint_leaves (
  chunk  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id uuid NOT NULL,
  entity text NOT NULL,
  part   text NOT NULL,
  kind   text NOT NULL CHECK (kind IN ('row', 'replaced', 'gone', 'before')),
  rows   int NOT NULL,
  leaves bytea NOT NULL
);
-- Fingerprints do not compress, and a chunk fills a page: the server need not try, nor cut it up.
ALTER TABLE mighost.fingerprint_leaves ALTER COLUMN leaves SET STORAGE EXTERNAL,
  SET (toast_tuple_target = 8160);
CREATE INDEX IF NOT EXISTS fingerprint_leaves_entity
  ON mighost.fingerprint_leaves (entity, part, chunk);
COMMENT ON TABLE mighost.fingerprint_leaves IS
  'Key and fingerprint of every row; a later chunk goes before an earlier one';
COMMENT ON COLUMN mighost.fingerprint_leaves.kind IS
  'replaced: the sums have taken the earlier fingerprint back. row, of a key that '
  'has one: somebody had deleted the row, and the sums hold both';

CREATE TABLE IF NOT EXISTS mighost.transactions (
  run_id uuid NOT NULL,
  number xid8 NOT NULL DEFAULT pg_current_xact_id()
);
COMMENT ON TABLE mighost.transactions IS
  'A row of each transaction and savepoint in which a run wrote: its xmin is that of the rows. '
  'Rows of target tables with another xmin were written by somebody else. Stays when a run is '
  'rolled back, because it may have written in rows of others';
COMMENT ON COLUMN mighost.transactions.number IS
  'Of the transaction, without savepoints: without a fitting xmin the ledger was restored';

CREATE TABLE IF NOT EXISTS mighost.loads (
  run_id      uuid NOT NULL,
  entity      text NOT NULL,
  position    int NOT NULL,
  status      text NOT NULL CHECK (status IN ('waiting', 'loading', 'finished', 'stopped')),
  rows_before bigint NOT NULL DEFAULT 0,
  record      jsonb,
  keys        bytea,
  error       text,
  PRIMARY KEY (run_id, entity)
);
COMMENT ON TABLE mighost.loads IS
  'The entities of a run that commits in chunks. The row lock is the claim on beginning and on '
  'finishing one';
COMMENT ON COLUMN mighost.loads.record IS 'What became of all its rows, once it is finished';

CREATE TABLE IF NOT EXISTS mighost.chunks (
  run_id   uuid NOT NULL,
  entity   text NOT NULL,
  number   int NOT NULL,
  key_range text NOT NULL,
  status   text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'done')),
  worker   uuid,
  snapshot text,
  record   jsonb,
  keys     bytea,
  rows     bigint,
  hash     bigint,
  seconds  numeric(12,3),
  done_at  timestamptz,
  PRIMARY KEY (run_id, entity, number)
);
COMMENT ON TABLE mighost.chunks IS
  'Key ranges of entities: the queue that lanes claim from. The row lock is the claim; rows and '
  'status done commit together';
COMMENT ON COLUMN mighost.chunks.key_range IS
  'SQL over the source columns; empty: all rows. Holds keys of rows';
COMMENT ON COLUMN mighost.chunks.keys IS 'The keys of the rows that went, packed';
COMMENT ON COLUMN mighost.chunks.hash IS 'Sum of the hashes of the source rows, as they were read';

CREATE TABLE IF NOT EXISTS mighost.deferred (
  run_id   uuid NOT NULL,
  entity   text NOT NULL,
  position int NOT NULL,
  name     text NOT NULL,
  object   jsonb NOT NULL,
  PRIMARY KEY (run_id, entity, position)
);
COMMENT ON TABLE mighost.deferred IS
  'Indexes, constraints and triggers that a run has taken away, written in the transaction that '
  'took them; restored in this order by whoever finishes, resumes or rolls back';

CREATE TABLE IF NOT EXISTS mighost.workers (
  worker     uuid PRIMARY KEY,
  run_id     uuid NOT NULL,
  host       text NOT NULL,
  process    int NOT NULL,
  lanes      int NOT NULL,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  seen_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  activity   jsonb NOT NULL DEFAULT '[]'
);
COMMENT ON TABLE mighost.workers IS
  'The processes of runs in progress, as they say every second through a connection of its own';

CREATE TABLE IF NOT EXISTS mighost.retries (
  run_id   uuid NOT NULL,
  at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  entity   text,
  chunk    int,
  attempt  int NOT NULL,
  sqlstate text,
  message  text NOT NULL
);
CREATE INDEX IF NOT EXISTS retries_run ON mighost.retries (run_id);

CREATE TABLE IF NOT EXISTS mighost.audit (
  id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  run_id uuid,
  who    text NOT NULL DEFAULT session_user,
  event  text NOT NULL,
  detail jsonb
);
)sql";

}  // namespace mighost
