-- A second opinion on the oracle: derives every expected count from the texts and numbers in the
-- legacy tables, following docs/families, while the generator derives them from what it planted.
-- The core family stands here, the others in files of their own. Run by ./check_oracle; needs the
-- environment variable ORACLE_FILE. Works in pg_temp only and leaves nothing behind.
\set ON_ERROR_STOP on
\set QUIET on
\set oracle `cat "$ORACLE_FILE"`
set client_min_messages = warning;
set timezone = 'UTC';

create function pg_temp.trimmed(value text) returns text language sql immutable as $$
  select regexp_replace(value, '^[ \t\r\n\v\f\u00A0\u3000]+|[ \t\r\n\v\f\u00A0\u3000]+$', '', 'g')
$$;
-- NULL for what counts as empty.
create function pg_temp.content(value text) returns text language sql immutable as $$
  select case when lower(pg_temp.trimmed(value)) not in ('', 'null', 'none')
              then pg_temp.trimmed(value) end
$$;
create function pg_temp.is_jsonb(value text) returns bool language plpgsql immutable as $$
begin
  perform value::jsonb;
  return true;
exception when others then
  return false;
end $$;
-- The note that a JSON text earns, or NULL. \u0000 counts unless its backslash is itself escaped.
create function pg_temp.json_note(value text) returns text language sql immutable as $$
  select case
    when value is null or value = '' or pg_temp.is_jsonb(value) then null
    when value ~ '\\u0000' and pg_temp.is_jsonb(
      regexp_replace(value, '(?<!\\)((?:\\\\)*)\\u0000', '\1\\ufffd', 'g')) then 'nul_replaced'
    else 'json_invalid' end
$$;

-- One line per source row. A key is the legacy key; notes hold NULLs for notes that do not apply.
create temporary table fate (
  entity text, key int, other_key int, outcome text, code text, notes text[]
);

-- The same shape as in the oracle: control totals and facts come in as they are found, entities at
-- the end, out of the fates.
create temporary table derived (section text, name text, value jsonb);
create temporary table fact_row (name text, value text);
-- An entity is known even when it has no row.
create temporary table known_entity (name text);

insert into fate
select 'core.offices', id, null, case when code is null then 'written' else 'quarantined' end, code,
  array[case when pg_temp.content(name) is null then 'name_missing' end,
        case when pg_temp.content(phone) is not null
              and length(regexp_replace(phone, '[^0-9]', '', 'g')) < 7 then 'phone_invalid' end]
from (select *, case when tax_rate = 0 then null
                     when tax_rate < 0 or tax_rate > 100 then 'tax_rate_range'
                     when tax_rate <= 1 then 'tax_rate_ambiguous'
                     when tax_rate * 100 <> trunc(tax_rate * 100) then 'numeric_rounding'
                end as code
      from dispatch_office) office;

create temporary table membership as
select m.user_id, array_agg(g.name::text) as groups
from auth_user_groups m join auth_group g on g.id = m.group_id group by m.user_id;

create temporary table person as
select u.*, p.id as patient_id, p.sex, p.suffix, p.birthdate,
  coalesce(m.groups, '{}') as groups, lower(pg_temp.content(u.email)) as mail
from auth_user u left join dispatch_patient p on p.user_id = u.id
left join membership m on m.user_id = u.id;

insert into fate
select 'core.profiles', id, null,
  case when sex not in (0, 1, 2) then 'quarantined' else 'written' end,
  case when sex not in (0, 1, 2) then 'unknown_enum' end,
  array[case when pg_temp.content(first_name) is null or pg_temp.content(last_name) is null
             then 'name_missing' end,
        case when mail !~ '^[a-z0-9._%+-]+@[a-z0-9.-]+\.[a-z]{2,}$' then 'email_invalid' end,
        case when 'Patient' = any (groups) and patient_id is null
             then 'patient_record_missing' end,
        case when patient_id is not null and pg_temp.content(suffix) is null
             then 'suffix_missing' end,
        case when birthdate < '1900-01-01' or birthdate > current_date then 'birthdate_range' end]
from person;

-- Reads a fate the way a reference does: NULL when there is no such row.
create function pg_temp.fate_of(entity_name text, parent int) returns text language sql as $$
  select outcome from fate where entity = entity_name and key = parent
$$;
create index on fate (entity, key);

create temporary table doctor as
select id, (select array_agg(o.id) from dispatch_office o where o.doctor_id = named.id and o.valid)
             as own_offices,
  (select array_agg(o.id)
   from dispatch_office o join dispatch_office_doctors l on l.office_id = o.id
   where l.user_id = named.id and o.valid) as linked_offices,
  null::int as primary_office_id
from (select user_id as id from membership where 'Doctor' = any (groups)
      union select doctor_id from dispatch_patient where doctor_id is not null
      union select doctor_id from dispatch_office where doctor_id is not null) named;
update doctor set primary_office_id = coalesce((select min(o) from unnest(linked_offices) o),
                                               (select min(o) from unnest(own_offices) o));

insert into fate
select 'core.doctors', id, null,
  case pg_temp.fate_of('core.profiles', id)
    when 'written' then 'written' when 'quarantined' then 'parked' else 'quarantined' end,
  case pg_temp.fate_of('core.profiles', id)
    when 'written' then null when 'quarantined' then 'waits_for_parent' else 'missing_parent' end,
  array[case when pg_temp.fate_of('core.offices', primary_office_id) <> 'written'
             then 'missing_parent' end]
from doctor;

-- What a list of reject references, in their order, makes of a row.
create function pg_temp.rejected(parents text[]) returns text language sql as $$
  select case when parent is null then 'missing_parent' else 'waits_for_parent' end
  from unnest(parents) with ordinality as listed (parent, place)
  where parent is distinct from 'written' order by place limit 1
$$;
create function pg_temp.outcome_of(code text) returns text language sql as $$
  select case when code is null then 'written' when code = 'waits_for_parent' then 'parked'
              else 'quarantined' end
$$;

insert into fate
select 'core.doctor_offices', user_id, office_id, pg_temp.outcome_of(code), code, '{}'
from (select user_id, office_id,
        pg_temp.rejected(array[pg_temp.fate_of('core.doctors', user_id),
                               pg_temp.fate_of('core.offices', office_id)]) as code
      from (select user_id, office_id from dispatch_office_doctors
            union select doctor_id, id from dispatch_office where doctor_id is not null) link) row;

insert into fate
select 'core.patients', id, null, pg_temp.outcome_of(code), code,
  array[case when birthdate < '1900-01-01' or birthdate > current_date then 'birthdate_range' end,
        pg_temp.json_note(schemes),
        case when doctor_id is not null
                  and pg_temp.fate_of('core.doctors', doctor_id) is distinct from 'written'
               or office_id is not null
                  and pg_temp.fate_of('core.offices', office_id) is distinct from 'written'
             then 'missing_parent' end]
from (select *, case when sex not in (0, 1, 2) then 'unknown_enum'
                     else pg_temp.rejected(array[pg_temp.fate_of('core.profiles', user_id)]) end
                  as code
      from dispatch_patient) patient;

insert into fate
select 'core.patients_doctors_offices', id, null,
  case when code = 'link_incomplete' then 'filtered' else pg_temp.outcome_of(code) end, code, '{}'
from (select id, case when doctor_id is null or office_id is null then 'link_incomplete'
                      else pg_temp.rejected(array[pg_temp.fate_of('core.patients', id),
                                                  pg_temp.fate_of('core.doctors', doctor_id),
                                                  pg_temp.fate_of('core.offices', office_id)])
                 end as code
      from dispatch_patient) link;

insert into fate
select 'core.courses', id, null, pg_temp.outcome_of(code), code,
  array[case when pg_temp.content(name) is null then 'name_missing' end,
        pg_temp.json_note(customization)]
from (select *, case when id not in (1, 2, 3, 4, 7, 8) then 'unknown_enum' end as code
      from dispatch_course) course;

insert into fate
select 'core.products', id, null, pg_temp.outcome_of(code), code,
  array[case when pg_temp.content(name) is null then 'name_missing' end,
        pg_temp.json_note(customization)]
from (select *, case when course_id not in (1, 2, 3, 4, 7, 8) then 'unknown_enum' end as code
      from dispatch_product) product;

insert into fate
select 'core.categories', id, null, 'written', null,
  array[case when pg_temp.content(name) is null then 'name_missing' end]
from dispatch_category;

insert into fate
select 'core.roles', id, null, 'written', null,
  array[case when pg_temp.content(name) is null then 'name_missing' end]
from dispatch_role;

insert into fate
select 'core.role_permissions', link.id, null, pg_temp.outcome_of(code), code, '{}'
from (select l.id, case when p.id is null then 'permission_missing'
                        else pg_temp.rejected(array[pg_temp.fate_of('core.roles', l.role_id)]) end
                     as code
      from dispatch_role_permissions l left join auth_permission p on p.id = l.permission_id) link;

insert into fate select 'core.teams', id, null, 'written', null, '{}' from auth_group;

insert into fate
select 'core.orders', id, null, pg_temp.outcome_of(code), code,
  array[pg_temp.json_note(exports),
        case when office_id is not null
                  and pg_temp.fate_of('core.offices', office_id) is distinct from 'written'
             then 'missing_parent' end]
from (select i.*, p.office_id,
        case when i.course_id not in (1, 2, 3, 4, 7, 8) or i.status not in (0, 1, 2, 4)
             then 'unknown_enum'
             else coalesce(pg_temp.rejected(array[pg_temp.fate_of('core.patients', p.id),
                                                  pg_temp.fate_of('core.doctors', p.doctor_id)]),
                           case when i.price <> round(i.price, 2) then 'numeric_rounding' end)
        end as code
      from dispatch_instruction i left join dispatch_patient p on p.id = i.patient_id) row;

insert into derived
select 'control_totals', 'core.orders/order price', jsonb_build_object(
  'source', to_jsonb(coalesce(sum(price), 0)),
  'target', to_jsonb(coalesce(sum(price) filter (where outcome = 'written'), 0)),
  'held_back', to_jsonb(coalesce(sum(price) filter (where outcome <> 'written'), 0)))
from dispatch_instruction i join fate f on f.entity = 'core.orders' and f.key = i.id;

insert into fact_row
select 'core.offices.is_active', o.valid::text
from dispatch_office o join fate f on f.entity = 'core.offices' and f.key = o.id
where f.outcome = 'written';
insert into fact_row
select unnest(array['core.profiles.profile_type', 'core.profiles.is_test']),
  unnest(array[
    case when patient_id is not null then 'patient'
         when 'Technician' = any (groups) then 'technician'
         when 'Doctor' = any (groups) then 'doctor'
         when 'Master' = any (groups) then 'master'
         when 'Administrator' = any (groups) or is_superuser then 'admin'
         when 'Sales' = any (groups) then 'sales_person'
         when is_staff then 'admin' else 'client' end,
    coalesce(mail ~ '@(lab|dev|demo)\.example\.org$', false)::text])
from person join fate f on f.entity = 'core.profiles' and f.key = person.id
where f.outcome = 'written';
insert into fact_row
select unnest(array['core.doctors.primary_office_id', 'core.doctors.in_doctor_group']),
  unnest(array[case when pg_temp.fate_of('core.offices', d.primary_office_id) = 'written'
                    then 'set' else 'null' end,
               exists (select from membership m
                       where m.user_id = d.id and 'Doctor' = any (m.groups))::text])
from doctor d join fate f on f.entity = 'core.doctors' and f.key = d.id where f.outcome = 'written';
insert into fact_row
select 'core.doctor_offices.is_primary',
  (d.primary_office_id is not distinct from f.other_key)::text
from fate f join doctor d on d.id = f.key
where f.entity = 'core.doctor_offices' and f.outcome = 'written';
insert into fact_row
select unnest(array['core.orders.status', 'core.orders.deleted', 'core.orders.suffix_in_number']),
  unnest(array[i.status::text, i.deleted::text,
               case when pg_temp.content(p.suffix) is null then 'NOSUF' else 'suffix' end])
from dispatch_instruction i join dispatch_patient p on p.id = i.patient_id
join fate f on f.entity = 'core.orders' and f.key = i.id where f.outcome = 'written';
\ir oracle_check_cases.sql
\ir oracle_check_clinical.sql
\ir oracle_check_financial.sql
\ir oracle_check_business.sql

insert into derived
select 'entities', entity, jsonb_build_object(
  'read', sum(rows), 'written', coalesce(sum(rows) filter (where outcome = 'written'), 0),
  'merged', 0,
  'filtered', coalesce(sum(rows) filter (where outcome = 'filtered'), 0),
  'quarantined', coalesce(sum(rows) filter (where outcome = 'quarantined'), 0),
  'parked', coalesce(sum(rows) filter (where outcome = 'parked'), 0),
  'codes', (select coalesce(jsonb_object_agg(code, rows), '{}')
            from (select code, count(*) as rows from fate c
                  where c.entity = counted.entity and code is not null group by code) codes),
  'notes', (select coalesce(jsonb_object_agg(note, rows), '{}')
            from (select note, count(*) as rows from fate n, unnest(n.notes) as note
                  where n.entity = counted.entity and n.outcome = 'written' and note is not null
                  group by note) notes))
from (select entity, outcome, count(*) as rows from fate group by entity, outcome
      union all
      select name, 'none', 0 from known_entity) counted
group by entity;

insert into derived
select 'facts', name, jsonb_object_agg(value, rows)
from (select name, value, count(*) as rows from fact_row group by name, value) counted
group by name;

-- Decimals stand as text in the oracle, so that no reader makes a double of them.
create function pg_temp.comparable(value jsonb) returns jsonb language sql immutable as $$
  select jsonb_object_agg(key, case when jsonb_typeof(member) = 'string'
                                    then to_jsonb((member #>> '{}')::numeric) else member end)
  from jsonb_each(value) as members (key, member)
$$;

select coalesce(d.section, o.section) || ' ' || coalesce(d.name, o.name) || e'\n  oracle:  '
    || coalesce(o.value::text, 'nothing') || e'\n  derived: ' || coalesce(d.value::text, 'nothing')
from derived d
full join (select section, name, value from jsonb_each(:'oracle'::jsonb) as top (section, members),
             jsonb_each(members) as inner_members (name, value)
           where section in ('entities', 'control_totals', 'facts')) o
  on o.section = d.section and o.name = d.name
where pg_temp.comparable(d.value) is distinct from pg_temp.comparable(o.value)
order by 1;
