-- The financial family, by docs/families/financial.md with the settings' defaults. Part of
-- ./check_fields. How references are checked is said in field_check_core.sql.

create temporary view expected_offers as
select f.id as legacy_key, d.id as doctor_id, p.id as product_id,
  greatest(price_both, price_upper, price_lower) as offer_amount, f.price_both, f.price_upper,
  f.price_lower,
  nullif(concat_ws(', ', 'both ' || f.price_both, 'upper ' || f.price_upper,
                   'lower ' || f.price_lower), '') as description,
  jsonb_build_object('legacy_doctor_id', f.doctor_id, 'legacy_product_id', f.product_id)
  || case when coalesce(price_both, price_upper, price_lower) is null then '{}'
          else '{"derived": ["offer_amount", "description"]}' end::jsonb as metadata
from dispatch_offer f left join doctors d on d.legacy_user_id = f.doctor_id
left join products p on p.legacy_product_id = f.product_id;
call pg_temp.check_rows('financial.offers', 'offers', 'legacy_offer_id', 'expected_offers');

create temporary view expected_discounts as
select c.id as legacy_key, f.id as offer_id,
  coalesce(pg_temp.content(c.reason), 'Discount ' || trim_scale(c.percent) || '%') as name,
  'LEGACY' || c.id as code, 'percentage' as discount_type, c.percent as percentage,
  c.start as valid_from, c.finish as valid_until, c.count as max_uses, c.used as current_uses,
  jsonb_build_object('reason', c.reason, 'total', c.total) as metadata
from dispatch_discount c left join offers f on f.legacy_offer_id = c.offer_id;
call pg_temp.check_rows('financial.discounts', 'discounts', 'legacy_discount_id',
                        'expected_discounts');

create temporary view expected_payments as
select id as legacy_key, order_id, patient_id, total_price as amount, state as status,
  case when id in (select payment_id from dispatch_operation) then 'card'
       when netsuite then 'other' end as payment_method,
  case when state = 'completed' then made_at end as processed_at,
  subtotal_price as subtotal_amount, tax_value as tax_amount, made_at as payment_date,
  doctor_id as legacy_doctor_id, office_id as legacy_office_id,
  instruction_id as legacy_instruction_id,
  jsonb_build_object(
    'paid_price', paid_price::text, 'used_credit', used_credit::text,
    'custom_price', custom_price::text, 'additional_price', additional_price::text,
    'tax_rate', tax_rate::text, 'free', free, 'netsuite', netsuite, 'canceled', canceled,
    'paid', paid, 'installments', pg_temp.json_from(installments), 'basket_id', basket_id)
  || case when state = 'completed' and made_at is not null then '{"derived": ["processed_at"]}'
          else '{}' end::jsonb as metadata
from (select m.id, m.made_at, m.free, m.netsuite, m.canceled, m.paid, m.total_price,
        m.subtotal_price, m.tax_value, m.tax_rate, m.paid_price, m.used_credit, m.custom_price,
        m.additional_price, m.installments, m.doctor_id, m.office_id, m.instruction_id,
        m.order_id as basket_id, o.id as order_id, t.id as patient_id,
        case when m.canceled then 'cancelled' when m.paid or m.free then 'completed'
             else 'pending' end as state
      from dispatch_payment m left join orders o on o.legacy_instruction_id = m.instruction_id
      left join dispatch_instruction i on i.id = m.instruction_id
      left join patients t on t.legacy_patient_id = i.patient_id) payment;
call pg_temp.check_rows('financial.payments', 'payments', 'legacy_payment_id',
                        'expected_payments');

create temporary view expected_operations as
select a.id as legacy_key, m.id as payment_id, c.id as case_id,
  case a.type when 1 then 'payment' when 2 then 'refund' end as operation_type, a.price as amount,
  jsonb_build_object(
    'made_at', pg_temp.iso(a.made_at), 'sq_order_id', a.sq_order_id,
    'sq_payment_id', a.sq_payment_id, 'sq_refund_id', a.sq_refund_id, 'card_brand', a.card_brand,
    'card_bin', a.card_bin, 'card_last', a.card_last, 'office_card', a.office_card,
    'attempts', a.attempts) as operation_data,
  jsonb_build_object('legacy_type', a.type) as metadata
from dispatch_operation a left join dispatch_payment l on l.id = a.payment_id
left join dispatch_instruction i on i.id = l.instruction_id
left join payments m on m.legacy_payment_id = a.payment_id
left join cases c on c.legacy_patient_id = i.patient_id;
call pg_temp.check_rows('financial.operations', 'operations', 'legacy_operation_id',
                        'expected_operations');

create temporary view expected_purchases as
select u.id as legacy_key, p.id as product_id, u.quantity, u.price as unit_price,
  u.quantity * u.price as total_amount,
  jsonb_build_object('basket_id', u.order_id, 'legacy_product_id', u.product_id) as metadata
from dispatch_purchase u left join products p on p.legacy_product_id = u.product_id;
call pg_temp.check_rows('financial.purchases', 'purchases', 'legacy_purchase_id',
                        'expected_purchases');

create temporary view expected_shipments as
select i.id as legacy_key, o.id as order_id, i.updated_at as shipped_at,
  jsonb_build_object('synthetic', true, 'legacy_instruction_id', i.id)
  || case when i.updated_at is null then '{}' else '{"derived": ["shipped_at"]}' end::jsonb
    as metadata
from dispatch_instruction i left join orders o on o.legacy_instruction_id = i.id
where i.status = 4;
call pg_temp.check_rows('financial.shipments', 'shipments',
  '(select legacy_instruction_id from orders where id = t.order_id)', 'expected_shipments');
