-- What the tasks must become, worked out by the server: the floor copies these rows as they are,
-- and mighost's result is compared with them. `namespace` is that of the run.
SET client_min_messages = warning;
-- In the order of legacy_task, so that both ways bring the rows in the same order.
SET max_parallel_workers_per_gather = 0;

DROP TABLE IF EXISTS ready_task;

CREATE TABLE ready_task WITH (autovacuum_enabled = false) AS
SELECT
  uuid_generate_v5(:'namespace', 'bench.tasks/' || id) AS id,
  uuid_generate_v5(:'namespace', 'bench.orders/' || instruction_id) AS order_id,
  template_id AS legacy_template_id,
  text AS description,
  CASE jaw WHEN 1 THEN 'upper' WHEN 2 THEN 'lower' END AS jaw_specification,
  -- COPY carries an enum as its text.
  CASE WHEN checked THEN 'completed' WHEN done_at IS NOT NULL THEN 'in_progress'
    ELSE 'pending' END AS status,
  checked,
  done_at AS completed_at,
  file_id AS legacy_file_id,
  plan_id AS legacy_plan_id,
  actor_id AS legacy_actor_id,
  id AS legacy_task_id
FROM legacy_task;

VACUUM (ANALYZE) ready_task;
