-- The least that has to be done for the same result; psql runs it as one transaction. pstdin is the
-- pipe that the rows come through; \copy must stand on one line.
ALTER TABLE tasks DROP CONSTRAINT tasks_order_id_fkey;
ALTER TABLE tasks DROP CONSTRAINT tasks_legacy_task_id_key;
ALTER TABLE tasks DROP CONSTRAINT tasks_pkey;
DROP INDEX tasks_order_id_idx;

\copy tasks (id, order_id, legacy_template_id, description, jaw_specification, status, checked, completed_at, legacy_file_id, legacy_plan_id, legacy_actor_id, legacy_task_id) FROM pstdin WITH (FORMAT binary)

ALTER TABLE tasks ADD CONSTRAINT tasks_pkey PRIMARY KEY (id);
ALTER TABLE tasks ADD CONSTRAINT tasks_legacy_task_id_key UNIQUE (legacy_task_id);
CREATE INDEX tasks_order_id_idx ON tasks (order_id);
ALTER TABLE tasks ADD CONSTRAINT tasks_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders (id);
