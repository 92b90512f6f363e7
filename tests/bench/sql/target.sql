-- The target side: three indexes and one foreign key on tasks.
SET client_min_messages = warning;
DROP SCHEMA IF EXISTS mighost CASCADE;
DROP TABLE IF EXISTS tasks, orders;
DROP TYPE IF EXISTS task_status;

CREATE TYPE task_status AS ENUM ('pending', 'in_progress', 'completed');

CREATE TABLE orders (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  notes text,
  legacy_instruction_id int UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now()
) WITH (autovacuum_enabled = false);

CREATE TABLE tasks (
  id uuid DEFAULT gen_random_uuid() CONSTRAINT tasks_pkey PRIMARY KEY,
  order_id uuid NOT NULL CONSTRAINT tasks_order_id_fkey REFERENCES orders (id),
  legacy_template_id int,
  description text,
  jaw_specification text,
  status task_status NOT NULL DEFAULT 'pending',
  checked bool NOT NULL DEFAULT false,
  completed_at timestamptz,
  legacy_file_id int,
  legacy_plan_id int,
  legacy_actor_id int,
  legacy_task_id int CONSTRAINT tasks_legacy_task_id_key UNIQUE,
  metadata jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
) WITH (autovacuum_enabled = false);

CREATE INDEX tasks_order_id_idx ON tasks (order_id);
