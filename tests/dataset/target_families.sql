-- The target tables of the business, clinical and financial families (domain notes 2.4 to 2.6),
-- with the corrections the notes recommend: offers hang on doctor and product, operations on their
-- payment, every legacy key is unique, tax amounts keep four decimals. One line holds columns that
-- belong together; junction tables go without metadata.

create table technicians (
  id uuid primary key default gen_random_uuid(),
  profile_id uuid not null unique references profiles (id), first_name text, last_name text,
  email text, phone text, specialty technician_type, is_active bool not null default true,
  hire_date date, employee_id text unique, status employment_status not null default 'active',
  department text, position text, emergency_contact jsonb, legacy_user_id int,
  legacy_technician_id int unique, metadata jsonb not null default '{}',
  created_at timestamptz not null default now(), updated_at timestamptz not null default now()
);
create table technician_roles (
  id uuid primary key default gen_random_uuid(), technician_id uuid references technicians (id),
  role_type technician_type, role_name text not null, abbreviation text,
  permissions jsonb not null default '{}', scope jsonb not null default '{}',
  is_active bool not null default true, assigned_at timestamptz, legacy_role_id int unique,
  metadata jsonb not null default '{}', created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- business

create table cases (
  id uuid primary key default gen_random_uuid(),
  patient_id uuid not null unique references patients (id),
  primary_doctor_id uuid references doctors (id), office_id uuid references offices (id),
  case_number text not null unique, status case_status not null default 'consultation',
  deleted bool not null default false, legacy_patient_id int unique,
  metadata jsonb not null default '{}', created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create table order_cases (
  id uuid primary key default gen_random_uuid(), order_id uuid not null references orders (id),
  case_id uuid not null references cases (id), relationship_type text not null default 'primary',
  created_at timestamptz not null default now(), unique (order_id, case_id)
);
create table templates (
  id uuid primary key default gen_random_uuid(), name text not null, action_name text,
  category_id uuid references categories (id), estimated_duration_minutes int,
  is_active bool not null default true, legacy_template_id int unique,
  metadata jsonb not null default '{}', created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create table template_products (
  id uuid primary key default gen_random_uuid(),
  template_id uuid not null references templates (id),
  product_id uuid not null references products (id), quantity int not null default 1,
  legacy_id int unique, created_at timestamptz not null default now()
);
create table template_edit_roles (
  id uuid primary key default gen_random_uuid(),
  template_id uuid not null references templates (id), role_id uuid not null references roles (id),
  legacy_id int unique, created_at timestamptz not null default now()
);
create table template_view_roles (
  id uuid primary key default gen_random_uuid(),
  template_id uuid not null references templates (id), role_id uuid not null references roles (id),
  legacy_id int unique, created_at timestamptz not null default now()
);
create table template_view_groups (
  id uuid primary key default gen_random_uuid(),
  template_id uuid not null references templates (id), team_id uuid not null references teams (id),
  legacy_id int unique, created_at timestamptz not null default now()
);
create table template_predecessors (
  id uuid primary key default gen_random_uuid(),
  from_template_id uuid not null references templates (id),
  to_template_id uuid not null references templates (id), legacy_id int unique,
  created_at timestamptz not null default now()
);
create table tasks (
  id uuid primary key default gen_random_uuid(), order_id uuid not null references orders (id),
  assigned_to uuid references profiles (id), template_id uuid references templates (id),
  template_name text, description text, jaw_specification text,
  status task_status not null default 'pending', checked bool not null default false,
  completed_at timestamptz, legacy_task_id int unique, metadata jsonb not null default '{}',
  created_at timestamptz not null default now(), updated_at timestamptz not null default now()
);
create table messages (
  id uuid primary key default gen_random_uuid(), message_type varchar(50) not null,
  title varchar(255), subject text, content text not null, sender_id uuid references profiles (id),
  recipient_type text not null, recipient_id uuid, is_read bool not null default false,
  legacy_record_id int unique, metadata jsonb not null default '{}',
  created_at timestamptz not null default now(), updated_at timestamptz not null default now()
);
create table files (
  id uuid primary key default gen_random_uuid(), file_uid text,
  order_id uuid references orders (id), uploaded_by uuid references profiles (id),
  filename text not null, file_type text, file_size_bytes bigint, mime_type text,
  storage_path text, checksum text, uploaded_at timestamptz, legacy_file_id int unique,
  metadata jsonb not null default '{}', created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(), check (file_size_bytes >= 0)
);
create table message_attachments (
  id uuid primary key default gen_random_uuid(), message_id uuid not null references messages (id),
  file_id uuid not null references files (id), attachment_type text,
  legacy_attachment_id int unique, legacy_record_id int, legacy_file_id int,
  metadata jsonb not null default '{}', created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(), unique (message_id, file_id)
);
create table order_files (
  id uuid primary key default gen_random_uuid(), order_id uuid not null references orders (id),
  file_id uuid not null references files (id), category text not null, file_type int, status int,
  parameters jsonb not null default '{}', product_id uuid references products (id),
  record_id uuid references messages (id), uploaded_at timestamptz, legacy_file_id int unique,
  legacy_instruction_id int, metadata jsonb not null default '{}',
  created_at timestamptz not null default now(), updated_at timestamptz not null default now(),
  unique (order_id, file_id),
  check (category in ('scan', 'image', 'document', 'package', 'model', 'simulation', 'analysis',
    'final_package', 'other'))
);
create table case_files (
  id uuid primary key default gen_random_uuid(), case_id uuid not null references cases (id),
  file_id uuid not null references files (id), file_purpose text, display_order int, notes text,
  created_by uuid references profiles (id), metadata jsonb not null default '{}',
  created_at timestamptz not null default now(), updated_at timestamptz not null default now(),
  unique (case_id, file_id)
);
create table case_messages (
  id uuid primary key default gen_random_uuid(), case_id uuid not null references cases (id),
  sender_id uuid references profiles (id), recipient_id uuid references profiles (id),
  message_type message_type not null, subject text, content text not null, priority int,
  is_urgent bool not null default false, requires_response bool not null default false,
  is_confidential bool not null default false, sent_at timestamptz, read_at timestamptz,
  responded_at timestamptz, deleted bool not null default false, related_tooth_numbers jsonb,
  treatment_phase text, parent_message_id uuid references case_messages (id), thread_id uuid,
  legacy_record_id int, legacy_message_id int unique, metadata jsonb not null default '{}',
  created_at timestamptz not null default now(), updated_at timestamptz not null default now()
);
create table comments (
  id uuid primary key default gen_random_uuid(), content text not null,
  comment_type comment_type not null, author_id uuid references profiles (id),
  parent_comment_id uuid references comments (id), legacy_id int, legacy_table varchar(50),
  metadata jsonb not null default '{}', created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(), unique (legacy_table, legacy_id)
);
create table doctor_notes (
  id uuid primary key default gen_random_uuid(), doctor_id uuid not null references profiles (id),
  comment_id uuid not null unique references comments (id), legacy_note_id int unique,
  metadata jsonb not null default '{}', created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create table team_communications (
  id uuid primary key default gen_random_uuid(), communication_type text, subject text, body text,
  author_id uuid references profiles (id), team_id uuid references teams (id), department text,
  order_id uuid references orders (id), project_id uuid, task_id uuid references tasks (id),
  visibility text, is_broadcast bool not null default false,
  approval_required bool not null default false, legacy_record_id int unique,
  metadata jsonb not null default '{}', created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create table shipments (
  id uuid primary key default gen_random_uuid(), order_id uuid not null references orders (id),
  carrier text, tracking_number text, shipped_at timestamptz, metadata jsonb not null default '{}',
  created_at timestamptz not null default now(), updated_at timestamptz not null default now()
);
create table system_messages (
  id uuid primary key default gen_random_uuid(), message_type text not null, message text not null,
  order_id uuid references orders (id), shipment_id uuid references shipments (id),
  message_code text, message_data jsonb not null default '{}', barcode text, tracking_number text,
  carrier text, source_system text, processed bool not null default false,
  processed_at timestamptz, is_active bool not null default true, legacy_record_id int unique,
  metadata jsonb not null default '{}', created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check (message_type in ('order_update', 'shipment_update', 'payment_update', 'case_update',
    'reminder', 'welcome', 'status_update', 'notification'))
);
create table customer_feedback (
  id uuid primary key default gen_random_uuid(), feedback_type feedback_type not null,
  severity severity, source_type text, subject text, description text,
  status text not null default 'new', legacy_record_id int, metadata jsonb not null default '{}',
  created_at timestamptz not null default now(), updated_at timestamptz not null default now(),
  unique (source_type, legacy_record_id)
);
create table user_actions (
  id uuid primary key default gen_random_uuid(), user_id uuid references profiles (id),
  action text not null, item_type text, item_id uuid, owner_type text, owner_id uuid,
  data jsonb not null default '{}', performed_at timestamptz, legacy_action_id int unique,
  metadata jsonb not null default '{}', created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create table user_tasks (
  id uuid primary key default gen_random_uuid(), user_id uuid not null references profiles (id),
  task_id uuid not null references tasks (id), metadata jsonb not null default '{}',
  created_at timestamptz not null default now(), updated_at timestamptz not null default now(),
  unique (user_id, task_id)
);
create table patient_events (
  id uuid primary key default gen_random_uuid(), patient_id uuid not null references patients (id),
  order_id uuid references orders (id), event_type text not null, description text,
  scheduled_at timestamptz, status text, legacy_event_id int unique,
  metadata jsonb not null default '{}', created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- clinical

create table jaws (
  id uuid primary key default gen_random_uuid(), order_id uuid not null references orders (id),
  product_id uuid references products (id), jaw_type jaw_type not null, labial bool,
  bond_teeth varchar(16), extract_teeth varchar(16), replacement_reason replacement_reason,
  legacy_jaw_id int unique, metadata jsonb not null default '{}',
  created_at timestamptz not null default now(), updated_at timestamptz not null default now()
);
create table projects (
  id uuid primary key default gen_random_uuid(), name text not null,
  project_type project_type not null, status project_status not null,
  creator_id uuid not null references profiles (id), file_uid uuid, file_size_bytes bigint,
  is_public bool not null default false, legacy_project_id int unique,
  metadata jsonb not null default '{}', created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(), check (file_size_bytes >= 0)
);
create table treatment_plans (
  id uuid primary key default gen_random_uuid(), project_id uuid references projects (id),
  order_id uuid not null references orders (id), patient_id uuid not null references patients (id),
  doctor_id uuid not null references doctors (id), plan_number int, plan_name text,
  plan_notes text, is_original bool, treatment_type text, revision_count int,
  legacy_plan_id int unique, legacy_instruction_id int, metadata jsonb not null default '{}',
  created_at timestamptz not null default now(), updated_at timestamptz not null default now(),
  check (treatment_type in ('initial_treatment', 'revision')), check (revision_count >= 0)
);
create table treatment_discussions (
  id uuid primary key default gen_random_uuid(),
  treatment_plan_id uuid not null references treatment_plans (id),
  comment_id uuid not null unique references comments (id),
  is_visible_to_patient bool not null default false, legacy_comment_id int unique,
  metadata jsonb not null default '{}', created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create table brackets (
  id uuid primary key default gen_random_uuid(), name text not null,
  bracket_type text not null default 'standard', description text, material text,
  slot_size numeric(4,3), torque numeric, angulation numeric, prescription text, base_shape text,
  height_mm numeric, width_mm numeric, thickness_mm numeric, tooth_position text, arch_type text,
  manufacturer text, model_number text, sku text, unit_cost numeric(10,2),
  active bool not null default true, created_by uuid references profiles (id),
  legacy_bracket_id int unique, legacy_project_id int, metadata jsonb not null default '{}',
  created_at timestamptz not null default now(), updated_at timestamptz not null default now(),
  check (name <> ''), check (slot_size > 0 and slot_size < 1),
  check (arch_type in ('upper', 'lower', 'both'))
);
create table case_states (
  id uuid primary key default gen_random_uuid(), case_id uuid not null references cases (id),
  changed_by_id uuid references profiles (id), previous_state case_state_type,
  current_state case_state_type not null, reason text, notes text,
  automated bool not null default false, changed_at timestamptz not null,
  legacy_state_id int unique, metadata jsonb not null default '{}',
  created_at timestamptz not null default now(), updated_at timestamptz not null default now()
);
create table order_states (
  id uuid primary key default gen_random_uuid(), order_id uuid not null references orders (id),
  status_code int not null, status_name text not null, is_active bool not null,
  changed_by uuid references profiles (id), changed_at timestamptz not null,
  legacy_state_id int not null unique, legacy_instruction_id int not null, legacy_actor_id int,
  notes text, metadata jsonb not null default '{}', created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- financial

create table offers (
  id uuid primary key default gen_random_uuid(), doctor_id uuid references doctors (id),
  product_id uuid references products (id), order_id uuid references orders (id),
  offer_amount numeric(12,2), price_both numeric(12,2), price_upper numeric(12,2),
  price_lower numeric(12,2), description text, is_accepted bool not null default false,
  is_active bool not null default true, legacy_offer_id int unique,
  metadata jsonb not null default '{}', created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create table discounts (
  id uuid primary key default gen_random_uuid(), offer_id uuid references offers (id),
  name text not null, code text not null unique, discount_type discount_type not null,
  percentage numeric(5,2), fixed_amount numeric(12,2), minimum_order_amount numeric(12,2),
  is_active bool not null default true, valid_from timestamptz, valid_until timestamptz,
  max_uses int, current_uses int, legacy_discount_id int unique,
  metadata jsonb not null default '{}', created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(), check (percentage between 0 and 100)
);
create table payments (
  id uuid primary key default gen_random_uuid(), order_id uuid references orders (id),
  patient_id uuid references patients (id), amount numeric(12,2),
  currency char(3) not null default 'USD', status payment_status not null, payment_method text,
  external_payment_id text, transaction_reference text, processed_at timestamptz,
  subtotal_amount numeric(12,2), tax_amount numeric(12,4), payment_date timestamptz,
  legacy_payment_id int unique, legacy_doctor_id int, legacy_office_id int,
  legacy_instruction_id int, metadata jsonb not null default '{}',
  created_at timestamptz not null default now(), updated_at timestamptz not null default now(),
  check (payment_method in ('card', 'check', 'insurance', 'cash', 'other'))
);
create table operations (
  id uuid primary key default gen_random_uuid(), payment_id uuid not null references payments (id),
  case_id uuid references cases (id), operation_type operation_type not null, amount numeric(12,2),
  status text, operation_data jsonb not null default '{}', legacy_operation_id int unique,
  metadata jsonb not null default '{}', created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create table purchases (
  id uuid primary key default gen_random_uuid(), order_id uuid references orders (id),
  product_id uuid references products (id), quantity int not null, unit_price numeric(12,2),
  total_amount numeric(12,2), purchased_at timestamptz, legacy_purchase_id int unique,
  metadata jsonb not null default '{}', created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
