-- The business family, by docs/families/business.md: the workflow, cases, tasks and files. Part of
-- ./check_fields; the other half is field_check_communication.sql. How references are checked is
-- said in field_check_core.sql.

create function pg_temp.template_name(id int, task_name text, text_name text) returns text
language sql immutable as $$
  select coalesce(pg_temp.content(task_name), pg_temp.content(text_name), 'Template ' || id)
$$;

create temporary view expected_templates as
select t.id as legacy_key, pg_temp.template_name(t.id, task_name, text_name) as name,
  pg_temp.content(action_name) as action_name, c.id as category_id,
  duration::bigint * 60 as estimated_duration_minutes, true as is_active,
  jsonb_build_object(
    'function', case when function is null then null when function = 1 then 'submit'
                     when function = 2 then 'archive' when function = 4 then 'process'
                     else 'other' end,
    'function_code', function, 'sets_status', status, 'course_id', course_id,
    'extensions', extensions, 'alerts', alerts, 'separate', separate, 'predefined', predefined,
    'read_only', read_only) as metadata
from dispatch_template t left join categories c on c.legacy_category_id = t.category_id;
call pg_temp.check_rows('business.templates', 'templates', 'legacy_template_id',
                        'expected_templates');

create temporary view expected_template_products as
select l.id as legacy_key, t.id as template_id, p.id as product_id, 1 as quantity
from dispatch_template_products l left join templates t on t.legacy_template_id = l.template_id
left join products p on p.legacy_product_id = l.product_id;
call pg_temp.check_rows('business.template_products', 'template_products', 'legacy_id',
                        'expected_template_products');

create temporary view expected_template_edit_roles as
select l.id as legacy_key, t.id as template_id, r.id as role_id
from dispatch_template_edit_roles l left join templates t on t.legacy_template_id = l.template_id
left join roles r on r.legacy_role_id = l.role_id;
call pg_temp.check_rows('business.template_edit_roles', 'template_edit_roles', 'legacy_id',
                        'expected_template_edit_roles');

create temporary view expected_template_view_roles as
select l.id as legacy_key, t.id as template_id, r.id as role_id
from dispatch_template_view_roles l left join templates t on t.legacy_template_id = l.template_id
left join roles r on r.legacy_role_id = l.role_id;
call pg_temp.check_rows('business.template_view_roles', 'template_view_roles', 'legacy_id',
                        'expected_template_view_roles');

create temporary view expected_template_view_groups as
select l.id as legacy_key, t.id as template_id, g.id as team_id
from dispatch_template_view_groups l left join templates t on t.legacy_template_id = l.template_id
left join teams g on g.legacy_group_id = l.group_id;
call pg_temp.check_rows('business.template_view_groups', 'template_view_groups', 'legacy_id',
                        'expected_template_view_groups');

create temporary view expected_template_predecessors as
select l.id as legacy_key, f.id as from_template_id, t.id as to_template_id
from dispatch_template_predecessors l
left join templates f on f.legacy_template_id = l.from_template_id
left join templates t on t.legacy_template_id = l.to_template_id;
call pg_temp.check_rows('business.template_predecessors', 'template_predecessors', 'legacy_id',
                        'expected_template_predecessors');

create temporary view expected_cases as
select p.id as legacy_key, t.id as patient_id, d.id as primary_doctor_id, o.id as office_id,
  'CASE-' || coalesce(pg_temp.content(p.suffix), 'NA') || '-' || p.id as case_number,
  case when p.status is null then 'consultation' else
    (array['consultation', 'diagnosis', 'treatment_plan', 'active', 'refinement', 'retention',
           'completed', 'cancelled', 'on_hold', 'transferred', 'revision'])[p.status] end as status,
  p.archived or p.suspended as deleted,
  jsonb_build_object('status_code', p.status)
  || case when p.submitted_at is null then '{}'
          else jsonb_build_object('submitted_at', pg_temp.iso(p.submitted_at)) end as metadata
from dispatch_patient p left join patients t on t.legacy_patient_id = p.id
left join doctors d on d.legacy_user_id = p.doctor_id
left join offices o on o.legacy_office_id = p.office_id;
call pg_temp.check_rows('business.cases', 'cases', 'legacy_patient_id', 'expected_cases');

create temporary view expected_order_cases as
select i.id as legacy_key, o.id as order_id, c.id as case_id, 'primary' as relationship_type
from dispatch_instruction i left join orders o on o.legacy_instruction_id = i.id
left join cases c on c.legacy_patient_id = i.patient_id;
call pg_temp.check_rows('business.order_cases', 'order_cases',
  '(select legacy_instruction_id from orders where id = t.order_id)', 'expected_order_cases');

create temporary view expected_tasks as
select k.id as legacy_key, o.id as order_id, p.id as assigned_to, t.id as template_id,
  case when l.id is not null then pg_temp.template_name(l.id, l.task_name, l.text_name) end
    as template_name,
  k.text as description, null as jaw_specification,
  case when k.done_at is null then 'pending' when k.checked then 'completed' else 'in_progress' end
    as status,
  k.checked, case when k.checked then k.done_at end as completed_at,
  jsonb_strip_nulls(jsonb_build_object(
    'file_id', k.file_id, 'plan_id', k.plan_id, 'jaw', k.jaw, 'basket_id', k.order_id,
    'done_at', case when not k.checked then pg_temp.iso(k.done_at) end)) as metadata
from dispatch_task k left join dispatch_template l on l.id = k.template_id
left join orders o on o.legacy_instruction_id = k.instruction_id
left join profiles p on p.legacy_user_id = k.actor_id
left join templates t on t.legacy_template_id = k.template_id;
call pg_temp.check_rows('business.tasks', 'tasks', 'legacy_task_id', 'expected_tasks');

create temporary view expected_user_tasks as
select k.id as legacy_key, t.id as task_id, p.id as user_id
from dispatch_task k left join tasks t on t.legacy_task_id = k.id
left join profiles p on p.legacy_user_id = k.actor_id
where k.actor_id is not null;
call pg_temp.check_rows('business.user_tasks', 'user_tasks',
  '(select legacy_task_id from tasks where id = t.task_id)', 'expected_user_tasks');

-- The names of files, which three entities need.
create temporary table file_name as
select id, extension, file_type,
  case when name is null then uid || coalesce(extension, '')
       when extension is null or right(pg_temp.ascii_lower(name), length(extension))
                                 = pg_temp.ascii_lower(extension) then name
       else name || extension end as filename
from (select id, uid, pg_temp.content(name) as name, extension,
        nullif(pg_temp.ascii_lower(substring(extension from '[^.]*$')), '') as file_type
      from (select id, uid, name,
              case when pg_temp.content(ext) ~ '[^.]'
                   then case when pg_temp.content(ext) like '.%' then pg_temp.content(ext)
                             else '.' || pg_temp.content(ext) end end as extension
            from dispatch_file) with_extension) with_type;
create index on file_name (id);
analyze file_name;

create temporary table mime (file_type text, mime_type text);
insert into mime values ('stl', 'model/stl'), ('ply', 'model/ply'), ('jpg', 'image/jpeg'),
  ('jpeg', 'image/jpeg'), ('png', 'image/png'), ('gif', 'image/gif'), ('pdf', 'application/pdf'),
  ('zip', 'application/zip'), ('rar', 'application/vnd.rar'), ('tar', 'application/x-tar'),
  ('dcm', 'application/dicom'), ('dxf', 'image/vnd.dxf'), ('txt', 'text/plain'),
  ('docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document');

create temporary view expected_files as
select f.id as legacy_key, f.uid::text as file_uid, o.id as order_id, n.filename, n.file_type,
  case when f.size >= 0 then f.size end as file_size_bytes,
  coalesce(m.mime_type, 'application/octet-stream') as mime_type,
  'files/' || f.uid as storage_path, f.created_at as uploaded_at,
  jsonb_build_object(
    'description', f.description, 'type', f.type, 'status', f.status, 'product_id', f.product_id,
    'record_id', f.record_id, 'parameters', pg_temp.json_from(f.parameters)) as metadata
from dispatch_file f join file_name n on n.id = f.id left join mime m on m.file_type = n.file_type
left join orders o on o.legacy_instruction_id = f.instruction_id;
call pg_temp.check_rows('business.files', 'files', 'legacy_file_id', 'expected_files');

create temporary view expected_order_files as
select f.id as legacy_key, o.id as order_id, b.id as file_id, p.id as product_id,
  r.id as record_id,
  case when n.file_type in ('stl', 'ply') then 'scan'
       when n.file_type in ('jpg', 'jpeg', 'png', 'gif')
       then case when pg_temp.ascii_lower(n.filename) ~ '_full\.jpg|package|final'
                 then 'final_package' else 'image' end
       when n.file_type = 'pdf' then 'document'
       when n.file_type in ('zip', 'rar', 'tar') then 'package'
       when f.type in (6, 7) then 'scan' when f.type = 8 then 'image' else 'other' end as category,
  f.type as file_type, f.status, pg_temp.json_from(f.parameters) as parameters,
  f.created_at as uploaded_at, f.instruction_id as legacy_instruction_id,
  '{"derived": ["category"]}'::jsonb as metadata
from dispatch_file f join file_name n on n.id = f.id left join files b on b.legacy_file_id = f.id
left join orders o on o.legacy_instruction_id = f.instruction_id
left join products p on p.legacy_product_id = f.product_id
left join messages r on r.legacy_record_id = f.record_id
where f.instruction_id is not null;
call pg_temp.check_rows('business.order_files', 'order_files', 'legacy_file_id',
                        'expected_order_files');

create temporary view expected_case_files as
select f.id as legacy_key, c.id as case_id, b.id as file_id
from dispatch_file f join dispatch_instruction i on i.id = f.instruction_id
left join cases c on c.legacy_patient_id = i.patient_id
left join files b on b.legacy_file_id = f.id;
call pg_temp.check_rows('business.case_files', 'case_files',
  '(select legacy_file_id from files where id = t.file_id)', 'expected_case_files');
\ir field_check_communication.sql
