-- Comments, notes, notifications and actions; part of oracle_check_business.sql, whose tables it
-- reads and fills.

-- comments and notes

create temporary table comment_row as
select c.id, pg_temp.lowered(c.text) as words,
  case when pg_temp.is_blank(c.text) then 'empty_text' end as code,
  pg_temp.lost(c.author_id, a.outcome) as note, p.outcome as plan_outcome,
  f.outcome as case_outcome
from dispatch_comment c left join profile_fate a on a.key = c.author_id
left join plan_fate p on p.key = c.plan_id
left join dispatch_plan plan on plan.id = c.plan_id
left join dispatch_instruction i on i.id = plan.instruction_id
left join case_fate f on f.key = i.patient_id;

insert into business_fate select 'business.comments', id, code, array[note] from comment_row;
insert into business_fate
select 'business.treatment_discussions', id, coalesce(code, pg_temp.reject(plan_outcome)), '{}'
from comment_row;
insert into business_fate
select 'business.case_messages', id, coalesce(code, pg_temp.reject(case_outcome)), array[note]
from comment_row;
insert into business_fact
select 'business.case_messages.message_type',
  case when words ~ 'approve|looks good' then 'doctor_response'
       when words ~ 'question|please|[?]' then 'patient_question'
       when words ~ 'treatment|plan' then 'treatment_update' else 'clinical_note' end, count(*)
from comment_row where code is null and case_outcome = 'written' group by 2;

create temporary table note_row as
select n.id, case when pg_temp.is_blank(n.text) then 'empty_text' end as code,
  pg_temp.lost(n.author_id, a.outcome) as note, pg_temp.reject(d.outcome) as doctor
from dispatch_note n left join profile_fate a on a.key = n.author_id
left join profile_fate d on d.key = n.doctor_id;
insert into business_fate select 'business.note_comments', id, code, array[note] from note_row;
insert into business_fate
select 'business.doctor_notes', id, coalesce(code, doctor), '{}' from note_row;

-- notifications: the filtered ones are only counted

create temporary table notification_row as
select n.id, pg_temp.lowered(n.template_name) as words,
  pg_temp.json_note(n.template_context) as json,
  case when item.name = 'dispatch.instruction' then pg_temp.lost(n.item_id, o.outcome) end as note,
  item.name = 'dispatch.instruction' and o.outcome = 'written' as has_order
from dispatch_notification n left join content_type_name item on item.id = n.item_type_id
left join order_fate o on o.key = n.item_id
where n.sent and n.send;
insert into business_fate
select 'business.system_messages', id, null, array[json, note] from notification_row;
insert into business_fate
select 'business.system_messages', id, 'not_active', '{}'
from dispatch_notification where not (sent and send);
insert into business_fact
select 'business.system_messages.message_type',
  case when words like '%order%' then 'order_update' when words like '%ship%' then 'shipment_update'
       when words like '%payment%' then 'payment_update' when words like '%case%' then 'case_update'
       when words like '%reminder%' then 'reminder' when words like '%welcome%' then 'welcome'
       when words like '%status%' then 'status_update' else 'notification' end, count(*)
from notification_row group by 2;
insert into business_fact
select 'business.system_messages.order_id', case when has_order then 'set' else 'null' end, count(*)
from notification_row group by 2;

-- actions: what each kind of generic reference can find

create temporary table generic_end as
select a.id, e.is_item, t.name, e.end_id
from dispatch_action a
cross join lateral (values (true, a.item_type_id, a.item_id), (false, a.owner_type_id, a.owner_id))
  e (is_item, type_id, end_id)
join content_type_name t on t.id = e.type_id
where e.end_id is not null
  and t.name in ('dispatch.instruction', 'dispatch.patient', 'auth.user', 'dispatch.userproxy',
                 'dispatch.task', 'dispatch.record', 'dispatch.file', 'dispatch.plan');
create temporary table generic_outcome as
select e.id, e.is_item, found.outcome
from generic_end e left join (
  select 'dispatch.instruction' as name, key, outcome from order_fate
  union all select 'dispatch.patient', key, outcome from patient_fate
  union all select 'auth.user', key, outcome from profile_fate
  union all select 'dispatch.userproxy', key, outcome from profile_fate
  union all select 'dispatch.task', key, pg_temp.outcome_of(code) from task_fate
  union all select 'dispatch.record', key, outcome from message_fate
  union all select 'dispatch.file', id, 'written' from dispatch_file
  union all select 'dispatch.plan', key, outcome from plan_fate) found
  on found.name = e.name and found.key = e.end_id;

create temporary table action_row as
select a.id, case when pg_temp.content(a.action) is null then 'action_missing' end as code,
  pg_temp.json_note(a.data) as json,
  coalesce(pg_temp.lost(a.user_id, u.outcome), pg_temp.lost(item.id, item.outcome),
           pg_temp.lost(owner.id, owner.outcome)) as note,
  item.outcome as item_outcome, owner.outcome as owner_outcome
from dispatch_action a left join profile_fate u on u.key = a.user_id
left join generic_outcome item on item.id = a.id and item.is_item
left join generic_outcome owner on owner.id = a.id and not owner.is_item;
insert into business_fate select 'business.user_actions', id, code, array[json, note]
from action_row;
insert into business_fact
select 'business.user_actions.item_id',
  case when item_outcome = 'written' then 'set' else 'null' end, count(*)
from action_row where code is null group by 2;
insert into business_fact
select 'business.user_actions.owner_id',
  case when owner_outcome = 'written' then 'set' else 'null' end, count(*)
from action_row where code is null group by 2;
