-- Cases, one for each patient (docs/families/business.md). They stand before the families, because
-- states of the clinical family and operations of the financial family hang on them.

-- A fate as a column: one join on an indexed table instead of one call for each row.
create index fate_key on fate (entity, key, outcome);
analyze fate;

insert into fate
select 'business.cases', p.id, null, pg_temp.outcome_of(decided.code), decided.code,
  array[case when p.status is null then 'status_defaulted' end,
        case when p.doctor_id is not null and doctor.outcome is distinct from 'written'
               or p.office_id is not null and office.outcome is distinct from 'written'
             then 'missing_parent' end]
from dispatch_patient p
left join fate patient on patient.entity = 'core.patients' and patient.key = p.id
left join fate doctor on doctor.entity = 'core.doctors' and doctor.key = p.doctor_id
left join fate office on office.entity = 'core.offices' and office.key = p.office_id
cross join lateral (
  select case when p.status not between 1 and 11 then 'unknown_enum'
              when patient.outcome is null then 'missing_parent'
              when patient.outcome <> 'written' then 'waits_for_parent' end as code) decided;

insert into fact_row
select 'business.cases.deleted', (p.archived or p.suspended)::text
from dispatch_patient p join fate f on f.entity = 'business.cases' and f.key = p.id
where f.outcome = 'written';
