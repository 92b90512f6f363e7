-- The target database: types, then the tables of the core family. The other families stand in
-- target_families.sql; indexes and triggers, which need all tables, in target_triggers.sql.
-- Row-level security and embedding columns are left out. Every legacy key that is a row's own
-- origin is unique: without that a second load duplicates in silence.

create extension if not exists "uuid-ossp";

create type profile_type as enum ('patient', 'doctor', 'technician', 'admin', 'master',
  'sales_person', 'agent', 'client');
create type gender as enum ('male', 'female', 'other', 'unknown');
create type course_type as enum ('main', 'refinement', 'replacement', 'any', 'invoice',
  'merchandise');
create type order_status as enum ('no_product', 'submitted', 'approved', 'in_production',
  'shipped', 'cancelled', 'on_hold', 'add_plan');
create type case_status as enum ('consultation', 'diagnosis', 'treatment_plan', 'active',
  'refinement', 'retention', 'completed', 'cancelled', 'on_hold', 'transferred', 'revision');
create type case_state_type as enum ('treatment_active', 'case_closed');
create type task_status as enum ('pending', 'in_progress', 'completed');
create type technician_type as enum ('designing', 'manufacturing', 'sectioning', 'remote', 'master',
  'quality_control');
create type employment_status as enum ('active', 'inactive', 'terminated', 'on_leave');
create type project_type as enum ('scan', 'model', 'simulation', 'treatment_plan',
  'aligner_design', 'stl_upper', 'stl_lower', 'other');
create type project_status as enum ('draft', 'in_progress', 'review', 'approved', 'completed',
  'archived');
create type jaw_type as enum ('upper', 'lower');
create type replacement_reason as enum ('breakage', 'complete', 'other');
create type message_type as enum ('clinical_note', 'patient_question', 'doctor_response',
  'treatment_update', 'system');
create type comment_type as enum ('treatment_discussion', 'doctor_note', 'task_note',
  'notification_context', 'record_annotation');
create type discount_type as enum ('percentage', 'fixed_amount');
create type payment_status as enum ('pending', 'completed', 'failed', 'cancelled', 'refunded');
create type operation_type as enum ('payment', 'refund');
create type feedback_type as enum ('complaint', 'quality_issue', 'suggestion', 'compliment',
  'general_feedback');
create type severity as enum ('critical', 'high', 'medium', 'low');

create table profiles (
  id uuid primary key default gen_random_uuid(),
  profile_type profile_type not null,
  first_name text not null,
  last_name text not null,
  email text,
  phone text,
  date_of_birth date,
  gender gender,
  username text,
  password_hash text,
  is_active bool not null default true,
  is_verified bool not null default false,
  archived bool not null default false,
  suspended bool not null default false,
  patient_suffix varchar(10),
  insurance_info jsonb,
  medical_history jsonb,
  last_login_at timestamptz,
  legacy_user_id int unique,
  legacy_patient_id int,
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint profiles_email_syntax
    check (email ~* '^[a-z0-9._%+-]+@[a-z0-9.-]+\.[a-z]{2,}$')
);

create table offices (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  address text,
  apartment text,
  city text,
  state text,
  zip_code text,
  country text,
  phone text,
  tax_rate numeric(5,4),
  square_customer_id text,
  is_active bool not null default true,
  email_notifications bool not null default false,
  legacy_office_id int unique,
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint offices_tax_rate_range check (tax_rate >= 0 and tax_rate < 10),
  constraint offices_name_present check (name <> '')
);

create table doctors (
  id uuid primary key default gen_random_uuid(),
  profile_id uuid not null unique references profiles (id),
  doctor_number text not null unique,
  license_number text,
  npi_number text,
  specialty text not null default 'orthodontics',
  board_certifications jsonb,
  education jsonb,
  specialties jsonb,
  languages_spoken jsonb,
  professional_memberships jsonb,
  years_experience int,
  primary_office_id uuid references offices (id),
  practice_type text,
  status text not null default 'active',
  is_accepting_patients bool not null default true,
  max_patient_load int not null default 500,
  bio text,
  consultation_duration_minutes int not null default 60,
  follow_up_duration_minutes int not null default 30,
  working_hours jsonb,
  consultation_fee numeric(10,2),
  accepts_insurance bool not null default false,
  payment_terms jsonb not null default '{}',
  licensed_since date,
  joined_practice_at timestamptz,
  legacy_doctor_id int,
  legacy_user_id int unique,
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint doctors_status_known check (status in ('active', 'inactive')),
  constraint doctors_years_experience_range check (years_experience >= 0)
);

create table doctor_offices (
  id uuid primary key default gen_random_uuid(),
  doctor_id uuid not null references doctors (id),
  office_id uuid not null references offices (id),
  is_primary bool not null default false,
  is_active bool not null default true,
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (doctor_id, office_id)
);

create table patients (
  id uuid primary key default gen_random_uuid(),
  profile_id uuid not null unique references profiles (id),
  patient_number text not null unique,
  suffix varchar(10),
  sex gender,
  date_of_birth date,
  primary_doctor_id uuid references doctors (id),
  assigned_office_id uuid references offices (id),
  status text not null default 'active',
  archived bool not null default false,
  suspended bool not null default false,
  medical_history jsonb,
  insurance_info jsonb,
  schemes jsonb not null default '{}',
  enrolled_at timestamptz,
  legacy_patient_id int unique,
  legacy_user_id int,
  legacy_doctor_id int,
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint patients_status_known check (status in ('active', 'inactive', 'archived'))
);

create table patients_doctors_offices (
  id uuid primary key default gen_random_uuid(),
  patient_id uuid not null references patients (id),
  doctor_id uuid not null references doctors (id),
  office_id uuid not null references offices (id),
  created_at timestamptz not null default now(),
  unique (patient_id, doctor_id, office_id)
);

create table courses (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  course_type course_type not null,
  description text,
  customization jsonb not null default '{}',
  base_price numeric(10,2),
  is_active bool not null default true,
  legacy_course_id int unique,
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table products (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  course_type course_type,
  base_price numeric(10,2),
  customization jsonb not null default '{}',
  is_active bool not null default true,
  sku text unique,
  legacy_product_id int unique,
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table categories (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  parent_id uuid references categories (id),
  display_order int,
  legacy_category_id int unique,
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table roles (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  abbreviation text,
  legacy_role_id int unique,
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table role_permissions (
  id uuid primary key default gen_random_uuid(),
  role_id uuid not null references roles (id),
  permission text not null,
  resource text not null,
  is_active bool not null default true,
  legacy_id int unique,
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table teams (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  team_type text,
  legacy_group_id int unique,
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table orders (
  id uuid primary key default gen_random_uuid(),
  order_number text not null unique,
  patient_id uuid not null references patients (id),
  doctor_id uuid not null references doctors (id),
  office_id uuid references offices (id),
  course_type course_type not null,
  status order_status not null,
  notes text,
  complaint text,
  amount numeric(12,2),
  suffix text,
  submitted_at timestamptz,
  approved_at timestamptz,
  shipped_at timestamptz,
  deleted bool not null default false,
  deleted_at timestamptz,
  exports jsonb not null default '{}',
  legacy_instruction_id int unique,
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table global_settings (
  id uuid primary key default gen_random_uuid(),
  version text,
  support_email text,
  reset_discount_date date,
  legacy_setting_id int unique,
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table storages (
  id uuid primary key default gen_random_uuid(),
  name text,
  address text,
  port int,
  disk_total bigint,
  disk_free bigint,
  legacy_storage_id int unique,
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table ware (
  id uuid primary key default gen_random_uuid(),
  name text,
  legacy_ware_id int unique,
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
