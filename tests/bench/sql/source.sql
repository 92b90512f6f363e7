-- The legacy side: `rows` tasks of `orders` instructions, as dispatch_task and dispatch_instruction
-- have them. Computed from the row's number alone, so that every machine measures the same rows.
-- Keys have gaps; the tasks of an instruction lie all over the table, which is the hard case.
SET client_min_messages = warning;
SET max_parallel_workers_per_gather = 0;
CREATE EXTENSION IF NOT EXISTS "uuid-ossp";

DROP TABLE IF EXISTS legacy_task, legacy_instruction, ready_task;

CREATE TABLE legacy_instruction (
  id int PRIMARY KEY,
  notes text
) WITH (autovacuum_enabled = false);

INSERT INTO legacy_instruction
SELECT 1000 + n * 7 / 2, CASE WHEN n % 3 = 0 THEN 'instruction ' || n END
FROM generate_series(1, :orders) AS n;

CREATE TABLE legacy_task (
  id int PRIMARY KEY,
  checked bool NOT NULL,
  file_id int,
  template_id int NOT NULL,
  done_at timestamptz,
  text text,
  plan_id int,
  instruction_id int,
  actor_id int,
  jaw int
) WITH (autovacuum_enabled = false);

ALTER TABLE legacy_task DROP CONSTRAINT legacy_task_pkey;

INSERT INTO legacy_task
SELECT
  n * 5 / 4 + n / 1000 * 37,
  n % 100 < 85,
  CASE WHEN n % 11 = 0 THEN n / 3 END,
  1 + n % 169,
  CASE WHEN n % 100 < 90 THEN timestamptz '2018-03-01 08:00Z' + n * interval '41.003009 s' END,
  CASE WHEN n % 10 < 3
    THEN 'Task ' || n || ': check the fit, ' || repeat('then polish ', n % 7) END,
  CASE WHEN n % 5 = 0 THEN n / 20 END,
  1000 + (1 + n::bigint * 7919 % :orders) * 7 / 2,
  CASE WHEN n % 5 < 3 THEN 1 + n % 211 END,
  CASE WHEN n % 4 = 0 THEN 1 + n / 4 % 2 END
FROM generate_series(1, :rows) AS n;

ALTER TABLE legacy_task ADD PRIMARY KEY (id);
VACUUM (ANALYZE) legacy_instruction, legacy_task;
