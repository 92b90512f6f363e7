-- The legacy database, newer generation: bare tables, in the order of the domain notes (1.3-1.8).
-- Keys, indexes and foreign keys stand in legacy_keys.sql and are built after the data is loaded.
-- Columns nobody ever captured (client, event, link, reading, ware, ...) have a plausible minimum.

-- framework tables

create table auth_group (id serial not null, name varchar(150) not null);
create table django_content_type (
  id serial not null, app_label varchar(100) not null, model varchar(100) not null
);
create table auth_permission (
  id serial not null, name varchar(255) not null, content_type_id int not null,
  codename varchar(100) not null
);
create table auth_group_permissions (
  id serial not null, group_id int not null, permission_id int not null
);
create table auth_user (
  id serial not null,
  password varchar(128) not null,
  last_login timestamptz,
  is_superuser bool not null,
  username varchar(150) not null,
  first_name varchar(150) not null default '',
  last_name varchar(150) not null default '',
  email varchar(254) not null default '',
  is_staff bool not null,
  is_active bool not null,
  date_joined timestamptz not null
);
create table auth_user_groups (id serial not null, user_id int not null, group_id int not null);
create table auth_user_user_permissions (
  id serial not null, user_id int not null, permission_id int not null
);
create table django_admin_log (
  id serial not null,
  action_time timestamptz not null,
  object_id text,
  object_repr varchar(200) not null,
  action_flag smallint not null,
  change_message text not null,
  content_type_id int,
  user_id int not null
);
create table django_migrations (
  id serial not null, app varchar(255) not null, name varchar(255) not null,
  applied timestamptz not null
);
create table django_session (
  session_key varchar(40) not null, session_data text not null, expire_date timestamptz not null
);
create table django_site (
  id serial not null, domain varchar(100) not null, name varchar(50) not null
);
create table account_emailaddress (
  id serial not null, email varchar(254) not null, verified bool not null,
  "primary" bool not null, user_id int not null
);
create table account_emailconfirmation (
  id serial not null, created timestamptz not null, sent timestamptz, key varchar(64) not null,
  email_address_id int not null
);
create table otp_email_emaildevice (
  id serial not null, name varchar(64) not null, confirmed bool not null, email varchar(254),
  token varchar(16), valid_until timestamptz not null, user_id int not null
);

-- core

create table dispatch_office (
  id serial not null,
  doctor_id int,
  name varchar(255),
  address varchar(255),
  apt varchar(255),
  city varchar(255),
  state varchar(255),
  zip varchar(255),
  country varchar(255),
  phone varchar(255),
  tax_rate numeric not null,
  valid bool not null,
  sq_customer_id varchar(255),
  emails bool not null
);
create table dispatch_office_doctors (
  id serial not null, office_id int not null, user_id int not null
);
create table dispatch_usersetting (
  id serial not null, user_id int not null, emails bool not null, require_2fa bool
);
create table dispatch_doctorsetting (
  id serial not null,
  user_id int not null,
  clinical_preferences text not null,
  sq_customer_id varchar(255),
  promised_payment bool not null,
  credit numeric not null,
  tier_finish date,
  tier_type int,
  installment_payments bool not null,
  baa_agreed_at timestamptz,
  eula_agreed_at timestamptz,
  company_account bool not null
);
create table dispatch_doctorsetting_masters (
  id serial not null, doctorsetting_id int not null, user_id int not null
);
create table dispatch_doctorsetting_sales (
  id serial not null, doctorsetting_id int not null, user_id int not null
);
create table dispatch_patient (
  id serial not null,
  user_id int not null,
  doctor_id int,
  office_id int,
  birthdate date,
  sex int,
  suffix varchar(10),
  status int,
  archived bool not null,
  suspended bool not null,
  submitted_at timestamptz,
  updated_at timestamptz,
  schemes text not null default '{}'
);
create table dispatch_instruction (
  id serial not null,
  patient_id int not null,
  course_id int not null,
  "order" int,
  model int,
  scanner int,
  upper_jaw_id int,
  lower_jaw_id int,
  notes text,
  scanner_notes text,
  exports text default '{}',
  conditions text,
  complaint text,
  objective text,
  price numeric,
  status int not null,
  cbct bool not null,
  accept_extraction bool,
  comprehensive bool not null,
  deleted bool not null,
  suffix varchar(255),
  submitted_at timestamptz,
  updated_at timestamptz
);
create table dispatch_course (
  id serial not null, name varchar(255) not null, type int, customization text, description text,
  price numeric, active bool
);
create table dispatch_product (
  id serial not null,
  name varchar(255) not null,
  description text,
  free bool not null,
  deleted bool not null,
  customization text,
  type int,
  substitute bool not null,
  course_id int
);
create table dispatch_product_roles (
  id serial not null, product_id int not null, role_id int not null
);
create table dispatch_product_successors (
  id serial not null, from_product_id int not null, to_product_id int not null
);
create table dispatch_order (
  id serial not null, status int not null, doctor_id int not null, course_id int not null,
  custom_price numeric
);
create table dispatch_role (
  id serial not null, name varchar(255) not null, abbrev varchar(255), type int, "order" int,
  user_id int, group_id int
);
create table dispatch_role_permissions (
  id serial not null, role_id int not null, permission_id int not null
);
create table dispatch_category (id serial not null, name varchar(255) not null, parent_id int);

-- business

create table dispatch_template (
  id serial not null,
  task_name varchar(255),
  action_name varchar(255),
  text_name varchar(255),
  function int,
  status int,
  duration int,
  category_id int,
  course_id int,
  predefined bool not null,
  read_only bool not null,
  extensions varchar(255),
  alerts text,
  separate bool not null
);
create table dispatch_template_products (
  id serial not null, template_id int not null, product_id int not null
);
create table dispatch_template_edit_roles (
  id serial not null, template_id int not null, role_id int not null
);
create table dispatch_template_view_roles (
  id serial not null, template_id int not null, role_id int not null
);
create table dispatch_template_view_groups (
  id serial not null, template_id int not null, group_id int not null
);
create table dispatch_template_predecessors (
  id serial not null, from_template_id int not null, to_template_id int not null
);
create table dispatch_task (
  id serial not null,
  checked bool not null,
  file_id int,
  template_id int not null,
  done_at timestamptz,
  text text,
  plan_id int,
  instruction_id int,
  actor_id int,
  jaw int,
  order_id int
);
create table dispatch_record (
  id serial not null,
  target_id int not null,
  target_type_id int,
  type int,
  created_at timestamptz not null,
  text text,
  author_id int,
  group_id int,
  public bool
);
create table dispatch_record_attachments (
  id serial not null, record_id int not null, file_id int not null
);
create table dispatch_record_roles (
  id serial not null, record_id int not null, role_id int not null
);
create table dispatch_file (
  id serial not null,
  uid uuid not null,
  name varchar(255),
  ext varchar(32),
  size bigint,
  type int,
  instruction_id int,
  created_at timestamptz,
  description text,
  product_id int,
  parameters text,
  record_id int,
  status int
);
create table dispatch_notification (
  id serial not null,
  created_at timestamptz not null,
  sender varchar(255),
  template_name varchar(255),
  template_context text,
  read bool not null,
  item_id int,
  item_type_id int,
  recipient_id int,
  sent bool not null,
  send bool not null
);
create table dispatch_comment (
  id serial not null, created_at timestamptz not null, text text not null, author_id int,
  plan_id int not null
);
create table dispatch_note (
  id serial not null, created_at timestamptz not null, text text not null, author_id int,
  doctor_id int
);
create table dispatch_action (
  id serial not null,
  action varchar(255),
  date timestamptz,
  item_id int,
  item_type_id int,
  owner_id int,
  owner_type_id int,
  data text,
  user_id int
);
create table dispatch_event (
  id serial not null, name varchar(255), created_at timestamptz, user_id int
);
create table dispatch_reading (
  id serial not null, record_id int not null, user_id int not null, read_at timestamptz
);
create table dispatch_link (id serial not null, name varchar(255), url text);
create table dispatch_language (
  id serial not null, code varchar(16) not null, name varchar(255) not null
);
create table dispatch_client (id serial not null, name varchar(255), version varchar(64));
create table dispatch_client3d (id serial not null, name varchar(255), version varchar(64));

-- clinical

create table dispatch_jaw (
  id serial not null, bond_teeth varchar(16) not null default '0000000000000000',
  extract_teeth varchar(16) not null default '0000000000000000', reason int, product_id int,
  labial bool
);
create table dispatch_plan (
  id serial not null, instruction_id int not null, project_id int not null, notes text,
  number int, name varchar(255), original bool
);
create table dispatch_project (
  id serial not null,
  uid uuid not null,
  created_at timestamptz not null,
  name varchar(255) not null default '',
  size bigint,
  public bool not null,
  type int,
  status int,
  creator_id int
);
create table dispatch_bracket (id serial not null, name varchar(255), project_id int, type int);
create table dispatch_state (
  id serial not null, status int not null, "on" bool not null, changed_at timestamptz not null,
  actor_id int, instruction_id int not null
);
create table dispatch_ware (id serial not null, name varchar(255));

-- financial

create table dispatch_offer (
  id serial not null, price_both numeric, price_upper numeric, price_lower numeric, doctor_id int,
  product_id int not null
);
create table dispatch_discount (
  id serial not null,
  percent numeric not null,
  reason varchar(255),
  count int,
  start timestamptz,
  finish timestamptz,
  total bool,
  used int,
  offer_id int
);
create table dispatch_payment (
  id serial not null,
  made_at timestamptz,
  free bool not null,
  tax_rate numeric,
  tax_value numeric,
  paid_price numeric,
  instruction_id int,
  used_credit numeric,
  canceled bool not null,
  paid bool not null,
  custom_price numeric,
  subtotal_price numeric,
  doctor_id int,
  office_id int,
  order_id int,
  installments text,
  additional_price numeric,
  netsuite bool not null,
  total_price numeric
);
create table dispatch_operation (
  id serial not null,
  type int,
  made_at timestamptz,
  price numeric,
  sq_order_id varchar(255),
  sq_payment_id varchar(255),
  sq_refund_id varchar(255),
  card_brand varchar(64),
  card_bin varchar(16),
  card_last varchar(8),
  office_card bool,
  payment_id int not null,
  attempts int
);
create table dispatch_purchase (
  id serial not null, quantity int, price numeric, order_id int, product_id int
);

-- infrastructure that has been mistaken for business tables

create table dispatch_agent (
  id serial not null, name varchar(255), address varchar(255), port int, cpu numeric,
  memory bigint, memory_used bigint
);
create table dispatch_instance (
  id serial not null, agent_id int, opener_id int, port int, project_id int, queue varchar(255),
  run_at timestamptz
);
create table dispatch_storage (
  id serial not null, name varchar(255), address varchar(255), port int, disk_total bigint,
  disk_free bigint
);
create table dispatch_globalsetting (
  id serial not null, version varchar(64), support_email varchar(254), reset_discount_date date
);
create table dispatch_master (id serial not null, user_id int, parent_id int);
