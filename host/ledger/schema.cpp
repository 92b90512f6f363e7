#include "ledger/ledger.hpp"

namespace mighost {

const char* const ledger_tables_sql = R"sql(
CREATE TABLE IF NOT EXISTS mighost.version (version int NOT NULL PRIMARY KEY);

CREATE TABLE IF NOT EXISTS mighost.runs (
  run_id        uuid PRIMARY KEY,
  status        text NOT NULL CHECK (status IN
                  ('running', 'done', 'failed', 'vetoed', 'interrupted', 'unverified')),
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
COMMENT ON COLUMN mighost.runs.status IS
  'running, with nobody connected: the process died and nothing of the run was committed';

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
  seconds     numeric(12,3) NOT NULL,
  codes       jsonb NOT NULL,
  notes       jsonb NOT NULL,
  PRIMARY KEY (run_id, entity),
  CONSTRAINT books_balance CHECK
    (read = written + unchanged + merged + filtered + quarantined + parked)
);

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
CREATE INDEX IF NOT EXISTS notes_row ON mighost.notes (entity, legacy_key);

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
