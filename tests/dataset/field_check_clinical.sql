-- The clinical family, by docs/families/clinical.md with the settings' defaults. Part of
-- ./check_fields. How references are checked is said in field_check_core.sql.

-- One row for each time that an instruction names a jaw.
create temporary table naming as
select jaw, instruction, side from dispatch_instruction i
cross join lateral (values (i.upper_jaw_id, i.id, 'upper'), (i.lower_jaw_id, i.id, 'lower'))
  named (jaw, instruction, side)
where jaw is not null;

create temporary view expected_jaws as
select j.id as legacy_key, o.id as order_id, p.id as product_id, n.side as jaw_type, j.labial,
  case when j.bond_teeth ~ '^[01]{16}$' then j.bond_teeth end as bond_teeth,
  case when j.extract_teeth ~ '^[01]{16}$' then j.extract_teeth end as extract_teeth,
  case j.reason when 1 then 'breakage' when 2 then 'other' when 3 then 'complete' end
    as replacement_reason,
  jsonb_build_object('reason', j.reason) || jsonb_strip_nulls(jsonb_build_object(
    'owners', case when n.namings > 1 then n.namings end,
    'bond_teeth', case when j.bond_teeth !~ '^[01]{16}$' then j.bond_teeth end,
    'extract_teeth', case when j.extract_teeth !~ '^[01]{16}$' then j.extract_teeth end))
    as metadata
from dispatch_jaw j
join (select jaw, (array_agg(instruction order by instruction))[1] as owner,
        (array_agg(side order by instruction, side desc))[1] as side, count(*) as namings
      from naming group by jaw) n on n.jaw = j.id
left join orders o on o.legacy_instruction_id = n.owner
left join products p on p.legacy_product_id = j.product_id;
call pg_temp.check_rows('clinical.jaws', 'jaws', 'legacy_jaw_id', 'expected_jaws');

create temporary view expected_projects as
select j.id as legacy_key, coalesce(pg_temp.content(j.name), 'Project ' || j.id) as name,
  case j.type when 0 then 'stl_upper' when 3 then 'treatment_plan' when 10 then 'simulation'
              when 11 then 'aligner_design' else 'other' end as project_type,
  case j.status when 0 then 'draft' when 2 then 'completed' end as status, p.id as creator_id,
  j.uid as file_uid, case when j.size >= 0 then j.size end as file_size_bytes,
  j.public as is_public, j.created_at,
  jsonb_build_object('type', j.type)
  || case when j.size < 0 then jsonb_build_object('size', j.size) else '{}' end as metadata
from dispatch_project j left join profiles p on p.legacy_user_id = j.creator_id;
call pg_temp.check_rows('clinical.projects', 'projects', 'legacy_project_id', 'expected_projects');

create temporary view expected_treatment_plans as
select l.id as legacy_key, j.id as project_id, o.id as order_id, t.id as patient_id,
  d.id as doctor_id, l.number as plan_number,
  coalesce(pg_temp.content(l.name), 'Plan ' || coalesce(l.number, l.id)) as plan_name,
  l.notes as plan_notes, l.original as is_original,
  case when l.original then 'initial_treatment' when not l.original then 'revision' end
    as treatment_type,
  greatest(coalesce(l.number, 0) - 1, 0) as revision_count,
  l.instruction_id as legacy_instruction_id,
  jsonb_build_object('legacy_project_id', l.project_id) as metadata
from dispatch_plan l left join dispatch_instruction i on i.id = l.instruction_id
left join dispatch_patient p on p.id = i.patient_id
left join orders o on o.legacy_instruction_id = l.instruction_id
left join patients t on t.legacy_patient_id = i.patient_id
left join doctors d on d.legacy_user_id = p.doctor_id
left join projects j on j.legacy_project_id = l.project_id;
call pg_temp.check_rows('clinical.treatment_plans', 'treatment_plans', 'legacy_plan_id',
                        'expected_treatment_plans');

-- {"value", "keyword", "confidence"} of the first listed keyword that the name has; or NULL.
create function pg_temp.parsed(name text, findings text[]) returns jsonb
language sql immutable as $$
  select jsonb_build_object('keyword', findings[place][1], 'value', findings[place][2],
                            'confidence', findings[place][3])
  from generate_subscripts(findings, 1) as place
  where not exists (select from regexp_split_to_table(findings[place][1], ' ') word
                    where position(word in pg_temp.ascii_lower(coalesce(name, ''))) = 0)
  order by place limit 1
$$;

create temporary view expected_brackets as
select id as legacy_key, coalesce(content, 'Bracket ' || id) as name,
  project_id as legacy_project_id,
  jsonb_build_object('type', type)
  || case when position('test' in pg_temp.ascii_lower(content)) > 0 then '{"is_test": true}'
          else '{}' end::jsonb
  || case when parsed = '{}' then '{}' else jsonb_build_object('parsed', parsed) end as metadata
from (
  select b.*, jsonb_strip_nulls(jsonb_build_object(
    'bracket_type', pg_temp.parsed(content, '{{speed,self-ligating,low},{alias,ceramic,low},
      {square,metal,low},{composite,composite,high},{ceramic,ceramic,high},{hook,hook,high}}'),
    'tooth_position', pg_temp.parsed(content, '{{canine,canine,high},{incisors,incisors,high},
      {molars,molars,high}}'),
    'arch_type', pg_temp.parsed(content, '{{upper lower,both,high},{upper,upper,high},
      {lower,lower,high}}'),
    'manufacturer', pg_temp.parsed(content, '{{speed,Speed,low},{alias,Alias,low}}'))) as parsed
  from (select *, pg_temp.content(name) as content from dispatch_bracket) b) b;
call pg_temp.check_rows('clinical.brackets', 'brackets', 'legacy_bracket_id', 'expected_brackets');

create temporary table classified_role as
select r.id, r.user_id, case upper(substring(pg_temp.content(r.abbrev) from '^[A-Za-z]*'))
    when 'DT' then 'designing' when 'MT' then 'manufacturing' when 'ST' then 'sectioning'
    when 'IDB' then 'sectioning' when 'RT' then 'remote' when 'DTR' then 'remote'
    when 'RMT' then 'remote' when 'SUPERVISOR' then 'master' when 'INSP' then 'quality_control'
  end as role_type
from dispatch_role r join auth_group g on g.id = r.group_id and g.name = 'Technician';

create temporary view expected_technicians as
select u.id as legacy_key, p.id as profile_id,
  coalesce(pg_temp.tidied(u.first_name), 'Unknown') as first_name,
  coalesce(pg_temp.tidied(u.last_name), 'Unknown') as last_name, pg_temp.email(u.email) as email,
  r.role_type as specialty, u.is_active, 'EMP-' || u.id as employee_id,
  case when u.is_active then 'active' else 'inactive' end as status, u.id as legacy_user_id,
  jsonb_build_object('role_id', r.id)
  || case when pg_temp.content(u.first_name) is null
                 or pg_temp.content(u.last_name) is null
          then '{"name_missing": true}' else '{}' end::jsonb as metadata
from auth_user u join membership m on m.user_id = u.id and 'Technician' = any (m.groups)
left join profiles p on p.legacy_user_id = u.id
left join lateral (select * from classified_role r where r.user_id = u.id order by id limit 1) r
  on true;
call pg_temp.check_rows('clinical.technicians', 'technicians', 'legacy_technician_id',
                        'expected_technicians');

create temporary view expected_technician_roles as
select r.id as legacy_key, t.id as technician_id, c.role_type,
  coalesce(pg_temp.content(r.name), 'Role ' || r.id) as role_name,
  pg_temp.content(r.abbrev) as abbreviation,
  jsonb_build_object('type', r.type, 'order', r."order", 'user_id', r.user_id,
                     'group_id', r.group_id) as metadata
from dispatch_role r join classified_role c on c.id = r.id
left join technicians t on t.legacy_user_id = r.user_id;
call pg_temp.check_rows('clinical.technician_roles', 'technician_roles', 'legacy_role_id',
                        'expected_technician_roles');

create temporary view expected_case_states as
select s.id as legacy_key, c.id as case_id, p.id as changed_by_id,
  lag(word) over (partition by s.patient_id order by s.changed_at, s.id) as previous_state,
  word as current_state, s.changed_at,
  jsonb_build_object('on', "on", 'legacy_instruction_id', instruction_id,
                     'legacy_actor_id', actor_id) as metadata
from (select s.*, i.patient_id,
        case s.status when 11 then 'treatment_active' else 'case_closed' end as word
      from dispatch_state s left join dispatch_instruction i on i.id = s.instruction_id
      where s.status in (11, 12)) s
left join cases c on c.legacy_patient_id = s.patient_id
left join profiles p on p.legacy_user_id = s.actor_id;
call pg_temp.check_rows('clinical.case_states', 'case_states', 'legacy_state_id',
                        'expected_case_states');

create temporary view expected_order_states as
select s.id as legacy_key, o.id as order_id, s.status as status_code,
  case s.status when 11 then 'review_approval' when 12 then 'processing' end as status_name,
  "on" as is_active, p.id as changed_by, s.changed_at, s.instruction_id as legacy_instruction_id,
  s.actor_id as legacy_actor_id
from dispatch_state s left join orders o on o.legacy_instruction_id = s.instruction_id
left join profiles p on p.legacy_user_id = s.actor_id;
call pg_temp.check_rows('clinical.order_states', 'order_states', 'legacy_state_id',
                        'expected_order_states');

create temporary view expected_patient_events as
select e.id as legacy_key, t.id as patient_id, pg_temp.content(e.name) as event_type, e.created_at
from dispatch_event e join dispatch_patient p on p.user_id = e.user_id
left join patients t on t.legacy_patient_id = p.id;
call pg_temp.check_rows('clinical.patient_events', 'patient_events', 'legacy_event_id',
                        'expected_patient_events');
