-- The clinical family, by docs/families/clinical.md.

insert into known_entity
select 'clinical.' || unnest(array['jaws', 'projects', 'treatment_plans', 'brackets', 'technicians',
                                   'technician_roles', 'case_states', 'order_states',
                                   'patient_events']);

-- What a reference with policy reject says, given the fate that it finds.
create function pg_temp.reject(outcome text) returns text language sql immutable as $$
  select case when outcome is null then 'missing_parent'
              when outcome <> 'written' then 'waits_for_parent' end
$$;
-- What one with policy null says.
create function pg_temp.lost(key int, outcome text) returns text language sql immutable as $$
  select case when key is not null and outcome is distinct from 'written' then 'missing_parent' end
$$;

analyze fate;

-- jaws

create temporary table jaw_owner as
select jaw_id, count(*) as namings,
  (array_agg(instruction_id order by instruction_id, side desc))[1] as instruction_id,
  (array_agg(side order by instruction_id, side desc))[1] as side
from (select upper_jaw_id as jaw_id, id as instruction_id, 'upper' as side from dispatch_instruction
      union all
      select lower_jaw_id, id, 'lower' from dispatch_instruction) naming
where jaw_id is not null group by jaw_id;

insert into fate
select 'clinical.jaws', j.id, null, pg_temp.outcome_of(decided.code), decided.code,
  array[case when o.namings > 1 then 'ambiguous_parent' end,
        pg_temp.lost(j.product_id, product.outcome),
        case when bond_teeth !~ '^[01]{16}$' or extract_teeth !~ '^[01]{16}$'
             then 'teeth_invalid' end]
from dispatch_jaw j left join jaw_owner o on o.jaw_id = j.id
left join fate parent on parent.entity = 'core.orders' and parent.key = o.instruction_id
left join fate product on product.entity = 'core.products' and product.key = j.product_id
cross join lateral (select case when o.jaw_id is null then 'orphan'
                                when j.reason not in (1, 2, 3) then 'unknown_enum'
                                else pg_temp.reject(parent.outcome) end as code) decided;

-- Digits 1 of the texts that are sound.
create temporary table jaw_bits as
select f.outcome = 'written' as written,
  case when bond_teeth ~ '^[01]{16}$' then length(replace(bond_teeth, '0', '')) end as bonded,
  case when extract_teeth ~ '^[01]{16}$'
       then length(replace(extract_teeth, '0', '')) end as extracted
from dispatch_jaw j join fate f on f.entity = 'clinical.jaws' and f.key = j.id;

-- The columns of a control total, from one amount for each row.
create function pg_temp.total(source numeric, target numeric) returns jsonb
language sql immutable as $$
  select jsonb_build_object('source', coalesce(source, 0), 'target', coalesce(target, 0),
                            'held_back', coalesce(source, 0) - coalesce(target, 0))
$$;

insert into derived
select 'control_totals', 'clinical.jaws/bonded teeth',
  pg_temp.total(sum(bonded), sum(bonded) filter (where written)) from jaw_bits;
insert into derived
select 'control_totals', 'clinical.jaws/extracted teeth',
  pg_temp.total(sum(extracted), sum(extracted) filter (where written)) from jaw_bits;

insert into fact_row
select fact.name, fact.value
from dispatch_jaw j join jaw_owner o on o.jaw_id = j.id
join fate f on f.entity = 'clinical.jaws' and f.key = j.id and f.outcome = 'written'
cross join lateral (values
  ('clinical.jaws.jaw_type', o.side),
  ('clinical.jaws.replacement_reason',
   case j.reason when 1 then 'breakage' when 2 then 'other' when 3 then 'complete'
                 else 'null' end),
  ('clinical.jaws.owners', o.namings::text)) fact (name, value);

-- projects

insert into fate
select 'clinical.projects', p.id, null, pg_temp.outcome_of(decided.code), decided.code,
  array[case when p.type is null or p.type not in (0, 3, 10, 11) then 'unknown_type' end,
        case when pg_temp.content(p.name) is null then 'name_missing' end,
        case when p.size < 0 then 'size_invalid' end]
from dispatch_project p
left join fate creator on creator.entity = 'core.profiles' and creator.key = p.creator_id
cross join lateral (select case when p.status is null or p.status not in (0, 2) then 'unknown_enum'
                                when p.creator_id is null then 'creator_missing'
                                else pg_temp.reject(creator.outcome) end as code) decided;

insert into derived
select 'control_totals', 'clinical.projects/project size',
  pg_temp.total(sum(size), sum(size) filter (where outcome = 'written'))
from dispatch_project p join fate f on f.entity = 'clinical.projects' and f.key = p.id
where size >= 0;

insert into fact_row
select fact.name, fact.value
from dispatch_project p
join fate f on f.entity = 'clinical.projects' and f.key = p.id and f.outcome = 'written'
cross join lateral (values
  ('clinical.projects.project_type',
   case p.type when 0 then 'stl_upper' when 3 then 'treatment_plan' when 10 then 'simulation'
               when 11 then 'aligner_design' else 'other' end),
  ('clinical.projects.status', case p.status when 0 then 'draft' else 'completed' end))
  fact (name, value);

insert into fact_row
select 'clinical.projects.possible_system_user', min(id)::text
from auth_user where is_superuser having min(id) is not null;

-- treatment_plans

analyze fate;

insert into fate
select 'clinical.treatment_plans', plan.id, null, pg_temp.outcome_of(decided.code), decided.code,
  array[pg_temp.lost(plan.project_id, project.outcome),
        case when pg_temp.content(plan.name) is null then 'name_missing' end]
from dispatch_plan plan
left join dispatch_instruction i on i.id = plan.instruction_id
left join dispatch_patient p on p.id = i.patient_id
left join fate parent on parent.entity = 'core.orders' and parent.key = plan.instruction_id
left join fate patient on patient.entity = 'core.patients' and patient.key = i.patient_id
left join fate doctor on doctor.entity = 'core.doctors' and doctor.key = p.doctor_id
left join fate project on project.entity = 'clinical.projects' and project.key = plan.project_id
cross join lateral (select coalesce(pg_temp.reject(parent.outcome), pg_temp.reject(patient.outcome),
                                    pg_temp.reject(doctor.outcome)) as code) decided;

insert into fact_row
select fact.name, fact.value
from dispatch_plan plan
join fate f on f.entity = 'clinical.treatment_plans' and f.key = plan.id and f.outcome = 'written'
cross join lateral (values
  ('clinical.treatment_plans.treatment_type',
   case when original then 'initial_treatment' when not original then 'revision' else 'null' end),
  ('clinical.treatment_plans.revision_count', greatest(coalesce(number, 0) - 1, 0)::text))
  fact (name, value);

-- brackets

insert into fate
select 'clinical.brackets', id, null, 'written', null,
  array[case when pg_temp.content(name) is null then 'name_missing' end]
from dispatch_bracket;

insert into fact_row
select fact.name, coalesce(fact.value, 'null')
from (select pg_temp.content(name) as name from dispatch_bracket) b
cross join lateral (values
  ('clinical.brackets.is_test', case when name ~* 'test' then 'true' end),
  ('clinical.brackets.bracket_type',
   case when name ~* 'speed' then 'self-ligating' when name ~* 'alias' then 'ceramic'
        when name ~* 'square' then 'metal' when name ~* 'composite' then 'composite'
        when name ~* 'ceramic' then 'ceramic' when name ~* 'hook' then 'hook' end),
  ('clinical.brackets.tooth_position',
   case when name ~* 'canine' then 'canine' when name ~* 'incisors' then 'incisors'
        when name ~* 'molars' then 'molars' end),
  ('clinical.brackets.arch_type',
   case when name ~* 'upper' and name ~* 'lower' then 'both' when name ~* 'upper' then 'upper'
        when name ~* 'lower' then 'lower' end),
  ('clinical.brackets.manufacturer',
   case when name ~* 'speed' then 'Speed' when name ~* 'alias' then 'Alias' end))
  fact (name, value);

-- technicians and their roles

insert into fate
select 'clinical.technicians', p.id, null, pg_temp.outcome_of(pg_temp.reject(profile.outcome)),
  pg_temp.reject(profile.outcome),
  array[case when pg_temp.content(first_name) is null or pg_temp.content(last_name) is null
             then 'name_missing' end,
        case when mail !~ '^[a-z0-9._%+-]+@[a-z0-9.-]+\.[a-z]{2,}$' then 'email_invalid' end]
from person p left join fate profile on profile.entity = 'core.profiles' and profile.key = p.id
where 'Technician' = any (p.groups);

create temporary table technician_role as
select r.*, g.name is not distinct from 'Technician' as of_technician,
  case upper(substring(pg_temp.content(r.abbrev) from '^[A-Za-z]*'))
    when 'DT' then 'designing' when 'MT' then 'manufacturing' when 'ST' then 'sectioning'
    when 'IDB' then 'sectioning' when 'RT' then 'remote' when 'DTR' then 'remote'
    when 'RMT' then 'remote' when 'SUPERVISOR' then 'master' when 'INSP' then 'quality_control'
  end as role_type
from dispatch_role r left join auth_group g on g.id = r.group_id;

insert into fate
select 'clinical.technician_roles', r.id, null,
  case when of_technician then 'written' else 'filtered' end,
  case when not of_technician then 'not_technician' end,
  array[case when pg_temp.content(r.name) is null then 'name_missing' end,
        case when role_type is null then 'unclassified' end,
        pg_temp.lost(r.user_id, technician.outcome)]
from technician_role r
left join fate technician on technician.entity = 'clinical.technicians'
  and technician.key = r.user_id;

insert into fact_row
select fact.name, coalesce(fact.value, 'null')
from person p
join fate f on f.entity = 'clinical.technicians' and f.key = p.id and f.outcome = 'written'
cross join lateral (values
  ('clinical.technicians.specialty',
   (select role_type from technician_role r where r.user_id = p.id and of_technician
    order by r.id limit 1)),
  ('clinical.technicians.status', case when p.is_active then 'active' else 'inactive' end))
  fact (name, value);
insert into fact_row
select 'clinical.technician_roles.role_type', coalesce(role_type, 'null')
from technician_role where of_technician;

-- states

analyze fate;

-- previous_state counts the rows of the line that have a word: rows with an unknown code are left
-- out, wherever they stand.
create temporary table state_line as
select s.*, i.patient_id, lag(s.status) over (
    partition by i.patient_id order by s.changed_at, s.id) as previous
from dispatch_state s join dispatch_instruction i on i.id = s.instruction_id
where s.status in (11, 12);

insert into fate
select view.entity, s.id, null, pg_temp.outcome_of(decided.code), decided.code,
  array[pg_temp.lost(s.actor_id, actor.outcome)]
from dispatch_state s
left join dispatch_instruction i on i.id = s.instruction_id
left join fate home on home.entity = 'business.cases' and home.key = i.patient_id
left join fate parent on parent.entity = 'core.orders' and parent.key = s.instruction_id
left join fate actor on actor.entity = 'core.profiles' and actor.key = s.actor_id
cross join lateral (values ('clinical.case_states', home.outcome),
                           ('clinical.order_states', parent.outcome)) view (entity, parent_outcome)
cross join lateral (select case when s.status not in (11, 12) then 'unknown_enum'
                                else pg_temp.reject(view.parent_outcome) end as code) decided;

insert into derived
select 'control_totals', 'clinical.order_states/states that are on',
  pg_temp.total(count(*), count(*) filter (where outcome = 'written'))
from dispatch_state s join fate f on f.entity = 'clinical.order_states' and f.key = s.id
where s."on";

insert into fact_row
select named.name, case named.code when 11 then 'treatment_active' when 12 then 'case_closed'
                                   else 'null' end
from state_line s
join fate f on f.entity = 'clinical.case_states' and f.key = s.id and f.outcome = 'written'
cross join lateral (values
  ('clinical.case_states.current_state', s.status),
  ('clinical.case_states.previous_state', s.previous)) named (name, code);
insert into fact_row
select 'clinical.order_states.status_name',
  case s.status when 11 then 'review_approval' else 'processing' end
from dispatch_state s
join fate f on f.entity = 'clinical.order_states' and f.key = s.id and f.outcome = 'written';

-- patient_events

insert into fate
select 'clinical.patient_events', e.id, null,
  case when decided.code = 'no_patient' then 'filtered' else pg_temp.outcome_of(decided.code) end,
  decided.code, '{}'
from dispatch_event e
left join dispatch_patient p on p.user_id = e.user_id
left join fate patient on patient.entity = 'core.patients' and patient.key = p.id
cross join lateral (select case when p.id is null then 'no_patient'
                                when pg_temp.content(e.name) is null then 'event_type_missing'
                                when e.created_at is null then 'created_at_missing'
                                else pg_temp.reject(patient.outcome) end as code) decided;
