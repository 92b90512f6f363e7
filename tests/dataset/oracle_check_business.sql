-- The business family but for its cases, by docs/families/business.md. Runs after the clinical
-- family, whose plans it needs. Its tables are large, so it keeps its fates in a table without an
-- index and counts them once.

create temporary table business_fate (entity text, key int, code text, notes text[]);
create temporary table business_fact (name text, value text, rows bigint);

-- What became of the parents, one narrow table for each kind.
create temporary table order_fate as
select key, outcome from fate where entity = 'core.orders';
create temporary table profile_fate as
select key, outcome from fate where entity = 'core.profiles';
create temporary table patient_fate as
select key, outcome from fate where entity = 'core.patients';
create temporary table case_fate as
select key, outcome from fate where entity = 'business.cases';
create temporary table product_fate as
select key, outcome from fate where entity = 'core.products';
create temporary table plan_fate as
select key, outcome from fate where entity = 'clinical.treatment_plans';
analyze order_fate;
analyze profile_fate;
analyze patient_fate;
analyze case_fate;

-- Lower case is a matter of ASCII letters only.
create function pg_temp.lowered(value text) returns text language sql immutable as $$
  select lower(value collate "C")
$$;
create function pg_temp.is_blank(value text) returns bool language sql immutable as $$
  select coalesce(btrim(value, E' \t\n\r\x0B\f\u00A0\u3000') = '', true)
$$;
create temporary table content_type_name as
select id, app_label || '.' || model as name from django_content_type;

-- order_cases: the link follows the order, then the case of its patient

insert into business_fate
select 'business.order_cases', i.id,
  coalesce(pg_temp.reject(o.outcome), pg_temp.reject(c.outcome)), '{}'
from dispatch_instruction i left join order_fate o on o.key = i.id
left join case_fate c on c.key = i.patient_id;

-- templates and what hangs on them

create temporary table template_row as
select *, duration::bigint * 60 as minutes,
  case when duration::bigint * 60 not between -2147483648 and 2147483647 then 'out_of_range' end
    as code
from dispatch_template;
create temporary table template_fate as
select id as key, pg_temp.outcome_of(code) as outcome from template_row;

insert into business_fate
select 'business.templates', id, code,
  array[case when pg_temp.content(task_name) is null and pg_temp.content(text_name) is null
             then 'name_missing' end]
from template_row;

insert into derived
select 'control_totals', 'business.templates/template minutes',
  pg_temp.total(sum(minutes), sum(minutes) filter (where code is null))
from template_row;

insert into business_fact
select 'business.templates.function',
  case function when 1 then 'submit' when 2 then 'archive' when 4 then 'process'
                else case when function is null then 'null' else 'other' end end, count(*)
from template_row where code is null group by 2;

insert into business_fate
select entity, link.id, coalesce(pg_temp.reject(t.outcome), pg_temp.reject(other)), '{}'
from (select 'business.template_products' as entity, l.id, template_id, p.outcome as other
      from dispatch_template_products l left join product_fate p on p.key = l.product_id
      union all
      select 'business.template_edit_roles', l.id, template_id, f.outcome
      from dispatch_template_edit_roles l
      left join fate f on f.entity = 'core.roles' and f.key = l.role_id
      union all
      select 'business.template_view_roles', l.id, template_id, f.outcome
      from dispatch_template_view_roles l
      left join fate f on f.entity = 'core.roles' and f.key = l.role_id
      union all
      select 'business.template_view_groups', l.id, template_id, f.outcome
      from dispatch_template_view_groups l
      left join fate f on f.entity = 'core.teams' and f.key = l.group_id
      union all
      select 'business.template_predecessors', l.id, from_template_id, f.outcome
      from dispatch_template_predecessors l
      left join template_fate f on f.key = l.to_template_id) link
left join template_fate t on t.key = link.template_id;

insert into business_fact
with recursive step as (
  select from_template_id as id, to_template_id as next
  from dispatch_template_predecessors l join business_fate f on f.key = l.id
  where f.entity = 'business.template_predecessors' and f.code is null
), walk (start, at) as (
  select id, next from step union select start, next from walk join step on id = at
)
select 'business.template_predecessors.on_a_cycle', 'templates', count(distinct start)
from walk where start = at having count(*) > 0;

-- tasks

create temporary table task_fate as
select t.id as key, t.checked, t.done_at,
  case when t.instruction_id is null and t.order_id is not null then 'foreign_id_space'
       else pg_temp.reject(o.outcome) end as code,
  coalesce(pg_temp.lost(t.template_id, s.outcome), pg_temp.lost(t.actor_id, a.outcome)) as note
from dispatch_task t left join order_fate o on o.key = t.instruction_id
left join template_fate s on s.key = t.template_id
left join profile_fate a on a.key = t.actor_id;

insert into business_fate select 'business.tasks', key, code, array[note] from task_fate;
insert into business_fact
select 'business.tasks.status',
  case when done_at is null then 'pending' when checked then 'completed' else 'in_progress' end,
  count(*)
from task_fate where code is null group by 2;

-- records

create temporary table message_row as
select r.id as key, r.type, r.text, target.name as target,
  case when r.type not in (3, 5, 6, 8) then 'unknown_enum'
       when target.name = 'dispatch.patient' then pg_temp.reject(p.outcome)
       when target.name in ('auth.user', 'dispatch.userproxy') then pg_temp.reject(u.outcome)
       else 'unknown_target_type' end as code,
  pg_temp.lost(r.author_id, a.outcome) as note
from dispatch_record r left join content_type_name target on target.id = r.target_type_id
left join patient_fate p on p.key = r.target_id
left join profile_fate u on u.key = r.target_id
left join profile_fate a on a.key = r.author_id;
create temporary table message_fate as
select key, pg_temp.outcome_of(code) as outcome from message_row;

insert into business_fate
select 'business.messages', key, code,
  array[note, case when type is null then 'type_missing' end,
        case when pg_temp.is_blank(text) then 'text_empty' end]
from message_row;
insert into business_fact
select 'business.messages.message_type',
  case type when 3 then 'user_communication' when 5 then 'clinical_note'
            when 6 then 'patient_communication' when 8 then 'status_update' else 'general' end,
  count(*)
from message_row where code is null group by 2;
insert into business_fact
select 'business.messages.recipient_type',
  case target when 'dispatch.patient' then 'patient' else 'user' end, count(*)
from message_row where code is null group by 2;

-- files

create temporary table file_row as
select f.*, kind, pg_temp.json_note(parameters) as json,
  pg_temp.lowered(case when n is null then uid || coalesce(e, '')
                       when e is null
                         or pg_temp.lowered(right(n, length(e))) = pg_temp.lowered(e) then n
                       else n || e end) as filename
from (select *, pg_temp.content(name) as n,
        case when pg_temp.content(ext) ~ '^\.+$' then null
             when pg_temp.content(ext) like '.%' then pg_temp.content(ext)
             else '.' || pg_temp.content(ext) end as e
      from dispatch_file) f
cross join lateral (
  select nullif(pg_temp.lowered(substring(e from '[^.]*$')), '') as kind) file_kind;

insert into business_fate
select 'business.files', f.id, null,
  array[pg_temp.lost(f.instruction_id, o.outcome), json,
        case when size < 0 then 'size_invalid' end]
from file_row f left join order_fate o on o.key = f.instruction_id;

insert into derived
select 'control_totals', 'business.files/file bytes', pg_temp.total(sum(size), sum(size))
from file_row where size >= 0;

insert into business_fact
select 'business.files.mime_type', coalesce(mime, 'application/octet-stream'), count(*)
from file_row left join (values
  ('stl', 'model/stl'), ('ply', 'model/ply'), ('jpg', 'image/jpeg'), ('jpeg', 'image/jpeg'),
  ('png', 'image/png'), ('gif', 'image/gif'), ('pdf', 'application/pdf'),
  ('zip', 'application/zip'), ('rar', 'application/vnd.rar'), ('tar', 'application/x-tar'),
  ('dcm', 'application/dicom'), ('dxf', 'image/vnd.dxf'), ('txt', 'text/plain'),
  ('docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document')
) known (extension, mime) on known.extension = kind
group by 2;

insert into business_fate
select 'business.message_attachments', id,
  coalesce(code, case when row_number() over (partition by record_id, file_id, code order by id) > 1
                      then 'unique' end), '{}'
from (select a.*, coalesce(pg_temp.reject(m.outcome),
                           case when f.id is null then 'missing_parent' end) as code
      from dispatch_record_attachments a left join message_fate m on m.key = a.record_id
      left join dispatch_file f on f.id = a.file_id) attachment;

create temporary table order_file as
select f.*,
  case when instruction_id is null then 'no_instruction' else pg_temp.reject(o.outcome) end as code,
  coalesce(pg_temp.lost(product_id, p.outcome), pg_temp.lost(record_id, m.outcome)) as note
from file_row f left join order_fate o on o.key = f.instruction_id
left join product_fate p on p.key = f.product_id
left join message_fate m on m.key = f.record_id;

insert into business_fate
select 'business.order_files', id, code, array[json, note] from order_file;
insert into business_fact
select 'business.order_files.category',
  case when kind in ('stl', 'ply') then 'scan'
       when kind in ('jpg', 'jpeg', 'png', 'gif')
         then case when strpos(filename, '_full.jpg') > 0 or strpos(filename, 'package') > 0
                     or strpos(filename, 'final') > 0 then 'final_package' else 'image' end
       when kind = 'pdf' then 'document'
       when kind in ('zip', 'rar', 'tar') then 'package'
       when type in (6, 7) then 'scan' when type = 8 then 'image' else 'other' end, count(*)
from order_file where code is null group by 2;

insert into business_fate
select 'business.case_files', f.id,
  case when f.instruction_id is null then 'no_instruction' else pg_temp.reject(c.outcome) end, '{}'
from dispatch_file f left join dispatch_instruction i on i.id = f.instruction_id
left join case_fate c on c.key = i.patient_id;

\ir oracle_check_communication.sql

-- the sums

create temporary table business_code as
select entity, code,
  case when code is null then 'written' when code = 'waits_for_parent' then 'parked'
       when code in ('no_instruction', 'empty_text', 'not_active') then 'filtered'
       else 'quarantined' end as outcome, count(*) as rows
from business_fate group by entity, code;
-- A note counts once for each row.
create temporary table business_note as
select entity, note, count(*) as rows
from (select entity, notes from business_fate
      where code is null and array_remove(notes, null) <> '{}') noted
cross join lateral (select distinct note from unnest(notes) as note where note is not null) once
group by entity, note;

insert into derived
select 'entities', name, jsonb_build_object(
  'read', coalesce(sum(rows), 0),
  'written', coalesce(sum(rows) filter (where outcome = 'written'), 0), 'merged', 0,
  'filtered', coalesce(sum(rows) filter (where outcome = 'filtered'), 0),
  'quarantined', coalesce(sum(rows) filter (where outcome = 'quarantined'), 0),
  'parked', coalesce(sum(rows) filter (where outcome = 'parked'), 0),
  'codes', coalesce(jsonb_object_agg(code, rows) filter (where code is not null), '{}'),
  'notes', (select coalesce(jsonb_object_agg(note, rows), '{}')
            from business_note n where n.entity = name))
from (select 'business.' || unnest(array[
        'order_cases', 'templates', 'template_products', 'template_edit_roles',
        'template_view_roles', 'template_view_groups', 'template_predecessors', 'tasks', 'messages',
        'files', 'message_attachments', 'order_files', 'case_files', 'comments',
        'treatment_discussions', 'case_messages', 'note_comments', 'doctor_notes',
        'system_messages', 'user_actions']) as name) known
left join business_code on business_code.entity = known.name
group by name;

insert into derived
select 'facts', name, jsonb_object_agg(value, rows) from business_fact group by name;
