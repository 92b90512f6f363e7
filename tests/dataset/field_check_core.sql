-- The core family, by docs/families/core.md. Part of ./check_fields. A reference is the new key of
-- the parent's row in the target: NULL where there is none, which only policy null allows; that the
-- parent's own key is right is checked with the parent.

create temporary view expected_offices as
select id as legacy_key, coalesce(pg_temp.tidied(name), 'Office ' || id) as name,
  pg_temp.tidied(address) as address, pg_temp.tidied(apt) as apartment,
  pg_temp.tidied(city) as city, upper(pg_temp.trimmed(state) collate "C") as state,
  pg_temp.trimmed(zip) as zip_code,
  case when lower(pg_temp.tidied(country)) in ('us', 'usa', 'u.s.', 'u.s.a.', 'united states',
                                               'united states of america') then 'USA'
       else (select string_agg(upper(left(word, 1) collate "C")
                               || pg_temp.ascii_lower(substr(word, 2)), ' ' order by place)
             from regexp_split_to_table(pg_temp.tidied(country), ' ')
               with ordinality as words (word, place)) end as country,
  case when length(regexp_replace(phone, '[^0-9]', '', 'g')) >= 7
       then '+' || regexp_replace(phone, '[^0-9]', '', 'g') end as phone,
  case when tax_rate = 0 then 0 when tax_rate > 1 and tax_rate <= 100 then tax_rate / 100 end
    as tax_rate,
  sq_customer_id as square_customer_id, valid as is_active, emails as email_notifications,
  jsonb_strip_nulls(jsonb_build_object(
    'name_missing', case when pg_temp.content(name) is null then true end,
    'phone_raw', case when pg_temp.content(phone) is not null then phone end)) as metadata
from dispatch_office;
call pg_temp.check_rows('core.offices', 'offices', 'legacy_office_id', 'expected_offices');

create temporary table membership as
select m.user_id, array_agg(g.name::text order by g.name collate "C") as groups
from auth_user_groups m join auth_group g on g.id = m.group_id group by m.user_id;

create temporary view expected_profiles as
select u.id as legacy_key,
  case when p.id is not null then 'patient' when 'Technician' = any (groups) then 'technician'
       when 'Doctor' = any (groups) then 'doctor' when 'Master' = any (groups) then 'master'
       when 'Administrator' = any (groups) or is_superuser then 'admin'
       when 'Sales' = any (groups) then 'sales_person' when is_staff then 'admin'
       else 'client' end as profile_type,
  coalesce(pg_temp.tidied(first_name), 'Unknown') as first_name,
  coalesce(pg_temp.tidied(last_name), 'Unknown') as last_name,
  pg_temp.email(email) as email, pg_temp.birthdate(p.birthdate) as date_of_birth,
  pg_temp.gender(p.sex) as gender, username, is_active, false as is_verified,
  coalesce(archived, false) as archived, coalesce(suspended, false) as suspended,
  pg_temp.content(p.suffix) as patient_suffix, last_login as last_login_at,
  p.id as legacy_patient_id,
  jsonb_build_object('groups', to_jsonb(coalesce(groups, '{}')),
                     'date_joined', pg_temp.iso(date_joined), 'is_staff', is_staff,
                     'is_superuser', is_superuser)
  || case when pg_temp.content(first_name) is null or pg_temp.content(last_name) is null
          then '{"name_missing": true}' else '{}' end::jsonb
  || case when split_part(pg_temp.email(email), '@', 2) in
               ('lab.example.org', 'dev.example.org', 'demo.example.org')
          then '{"is_test": true}' else '{}' end::jsonb as metadata
from auth_user u left join dispatch_patient p on p.user_id = u.id
left join membership m on m.user_id = u.id;
call pg_temp.check_rows('core.profiles', 'profiles', 'legacy_user_id', 'expected_profiles');

create temporary table doctor as
select u.id, u.is_active, u.date_joined, coalesce('Doctor' = any (m.groups), false) as in_group,
  coalesce((select min(o.id) from dispatch_office o
            join dispatch_office_doctors l on l.office_id = o.id
            where l.user_id = u.id and o.valid),
           (select min(o.id) from dispatch_office o where o.doctor_id = u.id and o.valid))
    as primary_office
from auth_user u left join membership m on m.user_id = u.id
where 'Doctor' = any (m.groups) or u.id in (select doctor_id from dispatch_patient)
   or u.id in (select doctor_id from dispatch_office);

create temporary view expected_doctors as
select d.id as legacy_key, p.id as profile_id,
  'DOC-' || case when d.id < 1000000 then lpad(d.id::text, 6, '0') else d.id::text end
    as doctor_number,
  'orthodontics' as specialty, case when d.is_active then 'active' else 'inactive' end as status,
  d.date_joined as joined_practice_at,
  greatest(extract(year from age(current_date, d.date_joined::date)), 0) as years_experience,
  o.id as primary_office_id, d.id as legacy_doctor_id,
  case when s.id is null then '{}' else jsonb_build_object(
    'credit', s.credit::text, 'installment_payments', s.installment_payments,
    'promised_payment', s.promised_payment, 'tier_type', s.tier_type,
    'tier_finish', s.tier_finish) end as payment_terms,
  jsonb_strip_nulls(jsonb_build_object(
    'clinical_preferences', nullif(s.clinical_preferences, ''),
    'baa_agreed_at', pg_temp.iso(s.baa_agreed_at), 'eula_agreed_at', pg_temp.iso(s.eula_agreed_at),
    'company_account', s.company_account, 'square_customer_id', s.sq_customer_id,
    'in_doctor_group', d.in_group, 'derived', '["years_experience"]'::jsonb)) as metadata
from doctor d left join dispatch_doctorsetting s on s.user_id = d.id
left join profiles p on p.legacy_user_id = d.id
left join offices o on o.legacy_office_id = d.primary_office;
call pg_temp.check_rows('core.doctors', 'doctors', 'legacy_user_id', 'expected_doctors');

create temporary view expected_doctor_offices as
select user_id || '/' || office_id as legacy_key, p.id as doctor_id, o.id as office_id,
  d.primary_office is not distinct from l.office_id as is_primary, true as is_active
from (select user_id, office_id from dispatch_office_doctors
      union select doctor_id, id from dispatch_office where doctor_id is not null) l
left join doctor d on d.id = l.user_id left join doctors p on p.legacy_user_id = l.user_id
left join offices o on o.legacy_office_id = l.office_id;
call pg_temp.check_rows('core.doctor_offices', 'doctor_offices',
  '(select legacy_user_id from doctors where id = t.doctor_id) || ''/'' ||'
  ' (select legacy_office_id from offices where id = t.office_id)', 'expected_doctor_offices');

create temporary view expected_patients as
select p.id as legacy_key, u.id as profile_id,
  'PAT-' || case when p.id < 1000000 then lpad(p.id::text, 6, '0') else p.id::text end
    as patient_number,
  pg_temp.content(p.suffix) as suffix, pg_temp.gender(p.sex) as sex,
  pg_temp.birthdate(p.birthdate) as date_of_birth, d.id as primary_doctor_id,
  o.id as assigned_office_id,
  case when p.archived then 'archived' when p.suspended then 'inactive' else 'active' end
    as status,
  p.archived, p.suspended, pg_temp.json_from(p.schemes) as schemes, p.submitted_at as enrolled_at,
  p.user_id as legacy_user_id, p.doctor_id as legacy_doctor_id,
  jsonb_build_object('status_code', p.status) as metadata
from dispatch_patient p left join profiles u on u.legacy_user_id = p.user_id
left join doctors d on d.legacy_user_id = p.doctor_id
left join offices o on o.legacy_office_id = p.office_id;
call pg_temp.check_rows('core.patients', 'patients', 'legacy_patient_id', 'expected_patients');

create temporary view expected_patients_doctors_offices as
select p.id as legacy_key, t.id as patient_id, d.id as doctor_id, o.id as office_id
from dispatch_patient p left join patients t on t.legacy_patient_id = p.id
left join doctors d on d.legacy_user_id = p.doctor_id
left join offices o on o.legacy_office_id = p.office_id
where p.doctor_id is not null and p.office_id is not null;
call pg_temp.check_rows('core.patients_doctors_offices', 'patients_doctors_offices',
  '(select legacy_patient_id from patients where id = t.patient_id)',
  'expected_patients_doctors_offices');

create temporary view expected_courses as
select id as legacy_key, coalesce(pg_temp.content(name), 'Course ' || id) as name,
  pg_temp.course(id) as course_type, description, pg_temp.json_from(customization) as customization,
  price as base_price, coalesce(active, true) as is_active
from dispatch_course;
call pg_temp.check_rows('core.courses', 'courses', 'legacy_course_id', 'expected_courses');

create temporary view expected_products as
select p.id as legacy_key, coalesce(pg_temp.content(p.name), 'Product ' || p.id) as name,
  pg_temp.course(p.course_id) as course_type, c.price as base_price,
  pg_temp.json_from(p.customization) as customization, not p.deleted as is_active,
  jsonb_build_object('description', p.description, 'free', p.free, 'substitute', p.substitute,
                     'type', p.type) as metadata
from dispatch_product p left join dispatch_course c on c.id = p.course_id;
call pg_temp.check_rows('core.products', 'products', 'legacy_product_id', 'expected_products');

create temporary view expected_categories as
select c.id as legacy_key, coalesce(pg_temp.content(c.name), 'Category ' || c.id) as name,
  p.id as parent_id
from dispatch_category c left join categories p on p.legacy_category_id = c.parent_id;
call pg_temp.check_rows('core.categories', 'categories', 'legacy_category_id',
                        'expected_categories');

create temporary view expected_roles as
select id as legacy_key, coalesce(pg_temp.content(name), 'Role ' || id) as name,
  pg_temp.content(abbrev) as abbreviation,
  jsonb_build_object('type', type, 'order', "order", 'user_id', user_id, 'group_id', group_id)
    as metadata
from dispatch_role;
call pg_temp.check_rows('core.roles', 'roles', 'legacy_role_id', 'expected_roles');

create temporary view expected_role_permissions as
select l.id as legacy_key, r.id as role_id, p.codename as permission,
  c.app_label || '.' || c.model as resource, true as is_active
from dispatch_role_permissions l left join roles r on r.legacy_role_id = l.role_id
left join auth_permission p on p.id = l.permission_id
left join django_content_type c on c.id = p.content_type_id;
call pg_temp.check_rows('core.role_permissions', 'role_permissions', 'legacy_id',
                        'expected_role_permissions');

create temporary view expected_teams as select id as legacy_key, name from auth_group;
call pg_temp.check_rows('core.teams', 'teams', 'legacy_group_id', 'expected_teams');

create temporary view expected_orders as
select i.id as legacy_key, coalesce(pg_temp.content(p.suffix), 'NOSUF') || '-' || i.id
    as order_number,
  t.id as patient_id, d.id as doctor_id, o.id as office_id,
  pg_temp.course(i.course_id) as course_type,
  case i.status when 0 then 'no_product' when 1 then 'submitted' when 2 then 'approved'
                when 4 then 'shipped' end as status,
  i.notes, i.complaint, i.price as amount, pg_temp.content(i.suffix) as suffix, i.submitted_at,
  case when i.status >= 2 then i.updated_at end as approved_at,
  case when i.status = 4 then i.updated_at end as shipped_at, i.deleted,
  case when i.deleted then i.updated_at end as deleted_at, pg_temp.json_from(i.exports) as exports,
  jsonb_build_object('legacy', jsonb_build_object(
    'model', i.model, 'scanner', i.scanner, 'order', i."order", 'upper_jaw_id', i.upper_jaw_id,
    'lower_jaw_id', i.lower_jaw_id, 'cbct', i.cbct, 'accept_extraction', i.accept_extraction,
    'comprehensive', i.comprehensive, 'scanner_notes', i.scanner_notes,
    'conditions', i.conditions, 'objective', i.objective))
  || case when i.updated_at is not null and (i.status >= 2 or i.deleted)
          then jsonb_build_object('derived', to_jsonb(array_remove(array[
            case when i.status >= 2 then 'approved_at' end,
            case when i.status = 4 then 'shipped_at' end,
            case when i.deleted then 'deleted_at' end], null))) else '{}' end as metadata
from dispatch_instruction i left join dispatch_patient p on p.id = i.patient_id
left join patients t on t.legacy_patient_id = p.id
left join doctors d on d.legacy_user_id = p.doctor_id
left join offices o on o.legacy_office_id = p.office_id;
call pg_temp.check_rows('core.orders', 'orders', 'legacy_instruction_id', 'expected_orders');
