-- What pgloader finds when the target schema is there before the rows, as in a migration it is: the
-- columns of the source, and one index.
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
