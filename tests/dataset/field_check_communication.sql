-- The business family, by docs/families/business.md: messages, comments, notifications, actions.
-- Part of field_check_business.sql. How references are checked is said in field_check_core.sql.

create temporary table content_type as
select id, app_label || '.' || model as name from django_content_type;

create temporary view expected_messages as
select r.id as legacy_key,
  case when r.type is null then 'general' when r.type = 3 then 'user_communication'
       when r.type = 5 then 'clinical_note' when r.type = 6 then 'patient_communication'
       when r.type = 8 then 'status_update' end as message_type,
  case when pg_temp.is_blank(r.text) then '' else r.text end as content, a.id as sender_id,
  case when c.name = 'dispatch.patient' then 'patient'
       when c.name in ('auth.user', 'dispatch.userproxy') then 'user' end as recipient_type,
  case when c.name = 'dispatch.patient' then p.id
       when c.name in ('auth.user', 'dispatch.userproxy') then u.id end as recipient_id,
  r.created_at,
  jsonb_build_object('type', r.type, 'public', r.public, 'group_id', r.group_id) as metadata
from dispatch_record r left join content_type c on c.id = r.target_type_id
left join profiles a on a.legacy_user_id = r.author_id
left join patients p on p.legacy_patient_id = r.target_id
left join profiles u on u.legacy_user_id = r.target_id;
call pg_temp.check_rows('business.messages', 'messages', 'legacy_record_id', 'expected_messages');

create temporary view expected_team_communications as
select r.id as legacy_key, 'patient_communication' as communication_type, r.text as body,
  p.id as author_id, t.id as team_id, r.created_at,
  jsonb_build_object('derived', '["communication_type"]'::jsonb, 'public', r.public) as metadata
from dispatch_record r left join profiles p on p.legacy_user_id = r.author_id
left join teams t on t.legacy_group_id = r.group_id
where r.type = 6;
call pg_temp.check_rows('business.team_communications', 'team_communications', 'legacy_record_id',
                        'expected_team_communications');

create temporary view expected_message_attachments as
select a.id as legacy_key, m.id as message_id, f.id as file_id, a.record_id as legacy_record_id,
  a.file_id as legacy_file_id
from dispatch_record_attachments a left join messages m on m.legacy_record_id = a.record_id
left join files f on f.legacy_file_id = a.file_id;
call pg_temp.check_rows('business.message_attachments', 'message_attachments',
                        'legacy_attachment_id', 'expected_message_attachments');

create temporary view expected_comments as
select c.id as legacy_key, c.text as content, 'treatment_discussion' as comment_type,
  p.id as author_id, 'dispatch_comment' as legacy_table, c.created_at,
  jsonb_build_object('plan_id', c.plan_id) as metadata
from dispatch_comment c left join profiles p on p.legacy_user_id = c.author_id
where not pg_temp.is_blank(c.text);
call pg_temp.check_rows('business.comments', 'comments', 'legacy_id', 'expected_comments',
                        'legacy_table is distinct from ''dispatch_note''');

create temporary view expected_note_comments as
select n.id as legacy_key, n.text as content, 'doctor_note' as comment_type, p.id as author_id,
  'dispatch_note' as legacy_table, n.created_at,
  jsonb_build_object('doctor_id', n.doctor_id) as metadata
from dispatch_note n left join profiles p on p.legacy_user_id = n.author_id
where not pg_temp.is_blank(n.text);
call pg_temp.check_rows('business.note_comments', 'comments', 'legacy_id', 'expected_note_comments',
                        'legacy_table = ''dispatch_note''');

create temporary view expected_doctor_notes as
select n.id as legacy_key, p.id as doctor_id, c.id as comment_id, n.created_at
from dispatch_note n left join profiles p on p.legacy_user_id = n.doctor_id
left join comments c on c.legacy_id = n.id and c.legacy_table = 'dispatch_note'
where not pg_temp.is_blank(n.text);
call pg_temp.check_rows('business.doctor_notes', 'doctor_notes', 'legacy_note_id',
                        'expected_doctor_notes');

create temporary view expected_treatment_discussions as
select c.id as legacy_key, t.id as treatment_plan_id, b.id as comment_id,
  false as is_visible_to_patient, c.created_at
from dispatch_comment c left join treatment_plans t on t.legacy_plan_id = c.plan_id
left join comments b on b.legacy_id = c.id and b.legacy_table = 'dispatch_comment'
where not pg_temp.is_blank(c.text);
call pg_temp.check_rows('business.treatment_discussions', 'treatment_discussions',
                        'legacy_comment_id', 'expected_treatment_discussions');

create temporary view expected_case_messages as
select id as legacy_key, case_id, sender_id, message_type,
  left(pg_temp.trimmed(text), 50) as subject, text as content,
  message_type = 'patient_question' as requires_response, created_at as sent_at,
  id as legacy_record_id, created_at,
  jsonb_build_object('derived', '["message_type", "subject", "requires_response"]'::jsonb,
                     'plan_id', plan_id) as metadata
from (select c.*, s.id as case_id, p.id as sender_id,
        case when lowered ~ 'approve|looks good' then 'doctor_response'
             when lowered ~ 'question|please|\?' then 'patient_question'
             when lowered ~ 'treatment|plan' then 'treatment_update' else 'clinical_note' end
          as message_type
      from (select *, pg_temp.ascii_lower(text) as lowered from dispatch_comment) c
      left join dispatch_plan l on l.id = c.plan_id
      left join dispatch_instruction i on i.id = l.instruction_id
      left join cases s on s.legacy_patient_id = i.patient_id
      left join profiles p on p.legacy_user_id = c.author_id
      where not pg_temp.is_blank(c.text)) typed;
call pg_temp.check_rows('business.case_messages', 'case_messages', 'legacy_message_id',
                        'expected_case_messages');

create temporary view expected_customer_feedback as
select id as legacy_key, feedback_type,
  case when lowered ~ 'urgent|immediately|emergency' then 'critical'
       when feedback_type in ('complaint', 'quality_issue') then 'high'
       when feedback_type = 'suggestion' then 'medium' else 'low' end as severity,
  'comment' as source_type, left(pg_temp.trimmed(text), 50) as subject, text as description,
  created_at,
  jsonb_build_object('derived', '["feedback_type", "severity", "subject"]'::jsonb,
                     'author_id', author_id) as metadata
from (select *, case when lowered ~ 'complain|unhappy|disappointed|unacceptable' then 'complaint'
                     when lowered ~ 'broken|defect|wrong|crack|fit' then 'quality_issue'
                     when lowered ~ 'suggest|recommend|would be better' then 'suggestion'
                     when lowered ~ 'thank|great|excellent|perfect' then 'compliment'
                     else 'general_feedback' end as feedback_type
      from (select *, pg_temp.ascii_lower(text) as lowered from dispatch_comment) c) typed
where author_id in (select user_id from membership where 'Doctor' = any (groups))
  and length(pg_temp.trimmed(text)) > 5;
call pg_temp.check_rows('business.customer_feedback', 'customer_feedback', 'legacy_record_id',
                        'expected_customer_feedback');

-- The value of a name in a context: a string with content, or a number.
create function pg_temp.context_value(context jsonb, name text) returns text
language sql immutable as $$
  select case jsonb_typeof(context -> name)
           when 'string' then pg_temp.content(context ->> name)
           when 'number' then context ->> name end
$$;

create temporary view expected_system_messages as
select id as legacy_key,
  case when template ~ 'order' then 'order_update' when template ~ 'ship' then 'shipment_update'
       when template ~ 'payment' then 'payment_update' when template ~ 'case' then 'case_update'
       when template ~ 'reminder' then 'reminder' when template ~ 'welcome' then 'welcome'
       when template ~ 'status' then 'status_update' else 'notification' end as message_type,
  coalesce(pg_temp.context_value(context, 'message'),
           nullif(concat_ws(', ', 'order ' || pg_temp.context_value(context, 'order_number'),
                            'patient ' || pg_temp.context_value(context, 'patient_name'),
                            'status ' || pg_temp.context_value(context, 'status')), ''),
           pg_temp.content(template_name), 'notification') as message,
  order_id, template_name as message_code, context as message_data,
  pg_temp.context_value(context, 'barcode') as barcode,
  coalesce(pg_temp.context_value(context, 'tracking_number'),
           pg_temp.context_value(context, 'tracking')) as tracking_number,
  pg_temp.context_value(context, 'carrier') as carrier, created_at,
  jsonb_build_object('recipient_id', recipient_id, 'sender', sender, 'read', read)
  || case when item is null then '{}' else jsonb_build_object('item', item, 'item_id', item_id) end
    as metadata
from (select n.*, c.name as item, o.id as order_id, pg_temp.json_from(template_context) as context,
        pg_temp.ascii_lower(template_name) as template
      from dispatch_notification n left join content_type c on c.id = n.item_type_id
      left join orders o on o.legacy_instruction_id = n.item_id
        and c.name = 'dispatch.instruction'
      where n.sent and n.send offset 0) active;
call pg_temp.check_rows('business.system_messages', 'system_messages', 'legacy_record_id',
                        'expected_system_messages');

-- What a content type and a number name in the target.
create function pg_temp.item(type text, item int) returns uuid language sql stable as $$
  select case type
    when 'dispatch.instruction' then (select id from orders where legacy_instruction_id = item)
    when 'dispatch.patient' then (select id from patients where legacy_patient_id = item)
    when 'auth.user' then (select id from profiles where legacy_user_id = item)
    when 'dispatch.userproxy' then (select id from profiles where legacy_user_id = item)
    when 'dispatch.task' then (select id from tasks where legacy_task_id = item)
    when 'dispatch.record' then (select id from messages where legacy_record_id = item)
    when 'dispatch.file' then (select id from files where legacy_file_id = item)
    when 'dispatch.plan' then (select id from treatment_plans where legacy_plan_id = item) end
$$;

create temporary view expected_user_actions as
select a.id as legacy_key, p.id as user_id, pg_temp.content(a.action) as action,
  i.name as item_type, pg_temp.item(i.name, a.item_id) as item_id, o.name as owner_type,
  pg_temp.item(o.name, a.owner_id) as owner_id, pg_temp.json_from(a.data) as data,
  a.date as performed_at,
  jsonb_build_object('user_id', a.user_id, 'item_id', a.item_id, 'owner_id', a.owner_id)
    as metadata
from dispatch_action a left join content_type i on i.id = a.item_type_id
left join content_type o on o.id = a.owner_type_id
left join profiles p on p.legacy_user_id = a.user_id;
call pg_temp.check_rows('business.user_actions', 'user_actions', 'legacy_action_id',
                        'expected_user_actions');
