-- Second part of the legacy schema: built after the load, because keys and indexes on full tables
-- are far cheaper than keys and indexes kept up row by row. Constraint names follow Django's habit.

-- Every table has its serial id as primary key, but for the session table.
do $$
declare
  legacy_table text;
begin
  for legacy_table in
    select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind = 'r' and c.relname <> 'django_session'
    order by c.relname
  loop
    execute format('alter table %I add constraint %I primary key (id)',
                   legacy_table, legacy_table || '_pkey');
  end loop;
end $$;
alter table django_session add constraint django_session_pkey primary key (session_key);

alter table auth_user add constraint auth_user_username_key unique (username);
alter table auth_group add constraint auth_group_name_key unique (name);
alter table auth_user_groups
  add constraint auth_user_groups_user_id_group_id_uniq unique (user_id, group_id);
alter table auth_permission
  add constraint auth_permission_content_type_id_codename_uniq unique (content_type_id, codename);
alter table auth_group_permissions
  add constraint auth_group_permissions_group_id_permission_id_uniq
  unique (group_id, permission_id);
alter table auth_user_user_permissions
  add constraint auth_user_user_permissions_user_id_permission_id_uniq
  unique (user_id, permission_id);
alter table django_content_type
  add constraint django_content_type_app_label_model_uniq unique (app_label, model);
alter table dispatch_office_doctors
  add constraint dispatch_office_doctors_office_id_user_id_uniq unique (office_id, user_id);
alter table dispatch_usersetting add constraint dispatch_usersetting_user_id_key unique (user_id);
alter table dispatch_doctorsetting
  add constraint dispatch_doctorsetting_user_id_key unique (user_id);
alter table dispatch_patient add constraint dispatch_patient_user_id_key unique (user_id);

-- Declared relations, one line each. "unchecked" ones are NOT VALID: that is how patients of a
-- deleted doctor (D-12) and orders of a deleted patient (D-19) can exist. Relations that are only
-- implied (record.target_id, notification.item_id, action.item_id ...) are not here on purpose.
create temporary table declared_relation (
  legacy_table text, legacy_column text, parent text, checked bool default true
);
insert into declared_relation values
  ('auth_permission', 'content_type_id', 'django_content_type'),
  ('auth_group_permissions', 'group_id', 'auth_group'),
  ('auth_group_permissions', 'permission_id', 'auth_permission'),
  ('auth_user_groups', 'user_id', 'auth_user'),
  ('auth_user_groups', 'group_id', 'auth_group'),
  ('auth_user_user_permissions', 'user_id', 'auth_user'),
  ('auth_user_user_permissions', 'permission_id', 'auth_permission'),
  ('django_admin_log', 'content_type_id', 'django_content_type'),
  ('django_admin_log', 'user_id', 'auth_user'),
  ('account_emailaddress', 'user_id', 'auth_user'),
  ('account_emailconfirmation', 'email_address_id', 'account_emailaddress'),
  ('otp_email_emaildevice', 'user_id', 'auth_user'),
  ('dispatch_office', 'doctor_id', 'auth_user'),
  ('dispatch_office_doctors', 'office_id', 'dispatch_office'),
  ('dispatch_office_doctors', 'user_id', 'auth_user'),
  ('dispatch_usersetting', 'user_id', 'auth_user'),
  ('dispatch_doctorsetting', 'user_id', 'auth_user'),
  ('dispatch_doctorsetting_masters', 'doctorsetting_id', 'dispatch_doctorsetting'),
  ('dispatch_doctorsetting_masters', 'user_id', 'auth_user'),
  ('dispatch_doctorsetting_sales', 'doctorsetting_id', 'dispatch_doctorsetting'),
  ('dispatch_doctorsetting_sales', 'user_id', 'auth_user'),
  ('dispatch_patient', 'user_id', 'auth_user'),
  ('dispatch_patient', 'office_id', 'dispatch_office'),
  ('dispatch_instruction', 'course_id', 'dispatch_course'),
  ('dispatch_instruction', 'upper_jaw_id', 'dispatch_jaw'),
  ('dispatch_instruction', 'lower_jaw_id', 'dispatch_jaw'),
  ('dispatch_product', 'course_id', 'dispatch_course'),
  ('dispatch_product_roles', 'product_id', 'dispatch_product'),
  ('dispatch_product_roles', 'role_id', 'dispatch_role'),
  ('dispatch_product_successors', 'from_product_id', 'dispatch_product'),
  ('dispatch_product_successors', 'to_product_id', 'dispatch_product'),
  ('dispatch_order', 'doctor_id', 'auth_user'),
  ('dispatch_order', 'course_id', 'dispatch_course'),
  ('dispatch_role', 'user_id', 'auth_user'),
  ('dispatch_role', 'group_id', 'auth_group'),
  ('dispatch_role_permissions', 'role_id', 'dispatch_role'),
  ('dispatch_role_permissions', 'permission_id', 'auth_permission'),
  ('dispatch_category', 'parent_id', 'dispatch_category'),
  ('dispatch_template', 'category_id', 'dispatch_category'),
  ('dispatch_template', 'course_id', 'dispatch_course'),
  ('dispatch_template_products', 'template_id', 'dispatch_template'),
  ('dispatch_template_edit_roles', 'template_id', 'dispatch_template'),
  ('dispatch_template_edit_roles', 'role_id', 'dispatch_role'),
  ('dispatch_template_view_roles', 'template_id', 'dispatch_template'),
  ('dispatch_template_view_roles', 'role_id', 'dispatch_role'),
  ('dispatch_template_view_groups', 'template_id', 'dispatch_template'),
  ('dispatch_template_view_groups', 'group_id', 'auth_group'),
  ('dispatch_template_predecessors', 'from_template_id', 'dispatch_template'),
  ('dispatch_template_predecessors', 'to_template_id', 'dispatch_template'),
  ('dispatch_task', 'file_id', 'dispatch_file'),
  ('dispatch_task', 'plan_id', 'dispatch_plan'),
  ('dispatch_task', 'order_id', 'dispatch_order'),
  ('dispatch_record', 'group_id', 'auth_group'),
  ('dispatch_record_roles', 'record_id', 'dispatch_record'),
  ('dispatch_record_roles', 'role_id', 'dispatch_role'),
  ('dispatch_file', 'record_id', 'dispatch_record'),
  ('dispatch_notification', 'item_type_id', 'django_content_type'),
  ('dispatch_notification', 'recipient_id', 'auth_user'),
  ('dispatch_action', 'item_type_id', 'django_content_type'),
  ('dispatch_action', 'owner_type_id', 'django_content_type'),
  ('dispatch_event', 'user_id', 'auth_user'),
  ('dispatch_reading', 'record_id', 'dispatch_record'),
  ('dispatch_reading', 'user_id', 'auth_user'),
  ('dispatch_jaw', 'product_id', 'dispatch_product'),
  ('dispatch_project', 'creator_id', 'auth_user'),
  ('dispatch_bracket', 'project_id', 'dispatch_project'),
  ('dispatch_state', 'actor_id', 'auth_user'),
  ('dispatch_offer', 'product_id', 'dispatch_product'),
  ('dispatch_payment', 'instruction_id', 'dispatch_instruction'),
  ('dispatch_payment', 'doctor_id', 'auth_user'),
  ('dispatch_payment', 'office_id', 'dispatch_office'),
  ('dispatch_payment', 'order_id', 'dispatch_order'),
  ('dispatch_operation', 'payment_id', 'dispatch_payment'),
  ('dispatch_purchase', 'order_id', 'dispatch_order'),
  ('dispatch_purchase', 'product_id', 'dispatch_product'),
  ('dispatch_instance', 'agent_id', 'dispatch_agent'),
  ('dispatch_instance', 'opener_id', 'auth_user'),
  ('dispatch_instance', 'project_id', 'dispatch_project'),
  ('dispatch_master', 'user_id', 'auth_user'),
  ('dispatch_master', 'parent_id', 'dispatch_master');
insert into declared_relation values
  ('dispatch_patient', 'doctor_id', 'auth_user', false),
  ('dispatch_instruction', 'patient_id', 'dispatch_patient', false),
  ('dispatch_plan', 'instruction_id', 'dispatch_instruction', false),
  ('dispatch_plan', 'project_id', 'dispatch_project', false),
  ('dispatch_state', 'instruction_id', 'dispatch_instruction', false),
  ('dispatch_offer', 'doctor_id', 'auth_user', false),
  ('dispatch_discount', 'offer_id', 'dispatch_offer', false);
insert into declared_relation values
  ('dispatch_template_products', 'product_id', 'dispatch_product', false),
  ('dispatch_task', 'template_id', 'dispatch_template', false),
  ('dispatch_task', 'instruction_id', 'dispatch_instruction', false),
  ('dispatch_task', 'actor_id', 'auth_user', false),
  ('dispatch_record', 'target_type_id', 'django_content_type', false),
  ('dispatch_record', 'author_id', 'auth_user', false),
  ('dispatch_record_attachments', 'record_id', 'dispatch_record', false),
  ('dispatch_record_attachments', 'file_id', 'dispatch_file', false),
  ('dispatch_file', 'instruction_id', 'dispatch_instruction', false),
  ('dispatch_file', 'product_id', 'dispatch_product', false),
  ('dispatch_comment', 'author_id', 'auth_user', false),
  ('dispatch_comment', 'plan_id', 'dispatch_plan', false),
  ('dispatch_note', 'author_id', 'auth_user', false),
  ('dispatch_note', 'doctor_id', 'auth_user', false),
  ('dispatch_action', 'user_id', 'auth_user', false);

do $$
declare
  relation declared_relation;
begin
  for relation in select * from declared_relation loop
    execute format('create index if not exists %I on %I (%I)',
                   relation.legacy_table || '_' || relation.legacy_column || '_idx',
                   relation.legacy_table, relation.legacy_column);
    execute format('alter table %I add constraint %I foreign key (%I) references %I (id)'
                     || ' deferrable initially deferred %s',
                   relation.legacy_table,
                   relation.legacy_table || '_' || relation.legacy_column || '_fk',
                   relation.legacy_column, relation.parent,
                   case when relation.checked then '' else 'not valid' end);
  end loop;
end $$;
drop table declared_relation;

-- COPY does not move sequences: the next insert must not meet an id that is already there.
do $$
declare
  legacy_table text;
begin
  for legacy_table in
    select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind = 'r' and c.relname <> 'django_session'
    order by c.relname
  loop
    execute format('select setval(pg_get_serial_sequence(%L, ''id''),'
                     || ' coalesce(max(id), 0) + 1, false) from %I',
                   format('%I', legacy_table), legacy_table);
  end loop;
end $$;
