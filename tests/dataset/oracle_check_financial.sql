-- The financial family, by docs/families/financial.md. Shipments are off by default and not here.

insert into known_entity
select 'financial.' || unnest(array['offers', 'discounts', 'payments', 'operations', 'purchases']);

analyze fate;

-- What the host says of the amounts of a row: columns keep `decimals` digits after the point, and
-- 12 in all.
create function pg_temp.amount_code(amounts numeric[], decimals int) returns text
language sql immutable as $$
  select min(case when amount <> round(amount, decimals) then 'numeric_rounding'
                  when abs(amount) >= 10 ^ (12 - decimals) then 'numeric_range' end)
  from unnest(amounts) as amount
$$;

-- One line per amount. The totals are summed at the end, also those of tables without rows.
create temporary table amount_row (total text, value numeric, written bool);

-- offers

insert into fate
select 'financial.offers', o.id, null, pg_temp.outcome_of(decided.code), decided.code,
  array[case when o.doctor_id is null then 'doctor_missing' end,
        coalesce(pg_temp.lost(o.doctor_id, doctor.outcome),
                 pg_temp.lost(o.product_id, product.outcome))]
from dispatch_offer o
left join fate doctor on doctor.entity = 'core.doctors' and doctor.key = o.doctor_id
left join fate product on product.entity = 'core.products' and product.key = o.product_id
cross join lateral (
  select pg_temp.amount_code(array[price_both, price_upper, price_lower], 2) as code) decided;

insert into amount_row
select 'financial.offers/' || amount.name, amount.value, f.outcome = 'written'
from dispatch_offer o join fate f on f.entity = 'financial.offers' and f.key = o.id
cross join lateral (values
  ('offer amount', greatest(price_both, price_upper, price_lower)),
  ('offer price both', price_both), ('offer price upper', price_upper),
  ('offer price lower', price_lower)) amount (name, value);

insert into fact_row
select 'financial.offers.offer_amount',
  case when coalesce(price_both, price_upper, price_lower) is null then 'null' else 'set' end
from dispatch_offer o
join fate f on f.entity = 'financial.offers' and f.key = o.id and f.outcome = 'written';

-- discounts

analyze fate;

insert into fate
select 'financial.discounts', d.id, null, pg_temp.outcome_of(decided.code), decided.code,
  array[case when pg_temp.content(d.reason) is null then 'name_missing' end,
        case when d.start > d.finish then 'window_inverted' end,
        case when d.used > d.count then 'overused' end]
from dispatch_discount d
left join fate offer on offer.entity = 'financial.offers' and offer.key = d.offer_id
cross join lateral (
  select case when d.percent < 0 or d.percent > 100 then 'percent_range'
              else coalesce(pg_temp.reject(offer.outcome),
                            case when d.percent <> round(d.percent, 2)
                                 then 'numeric_rounding' end) end as code) decided;

insert into amount_row
select 'financial.discounts/discount percent', percent, outcome = 'written'
from dispatch_discount d join fate f on f.entity = 'financial.discounts' and f.key = d.id;

-- payments

insert into fate
select 'financial.payments', p.id, null, pg_temp.outcome_of(decided.code), decided.code,
  array[coalesce(pg_temp.lost(p.instruction_id, parent.outcome),
                 pg_temp.lost(i.patient_id, patient.outcome)),
        case when p.paid and p.canceled or p.free and p.total_price <> 0 then 'flag_conflict' end,
        case when p.total_price <> coalesce(p.subtotal_price, 0) + coalesce(p.tax_value, 0)
                                   + coalesce(p.additional_price, 0) - coalesce(p.used_credit, 0)
             then 'inconsistent_total' end,
        case when p.instruction_id is null and p.order_id is not null then 'basket_payment' end,
        case when p.instruction_id is null and p.order_id is null then 'no_order' end,
        pg_temp.json_note(p.installments)]
from dispatch_payment p left join dispatch_instruction i on i.id = p.instruction_id
left join fate parent on parent.entity = 'core.orders' and parent.key = p.instruction_id
left join fate patient on patient.entity = 'core.patients' and patient.key = i.patient_id
cross join lateral (
  select coalesce(pg_temp.amount_code(array[p.total_price, p.subtotal_price], 2),
                  pg_temp.amount_code(array[p.tax_value], 4)) as code) decided;

insert into amount_row
select 'financial.payments/' || amount.name, amount.value, f.outcome = 'written'
from dispatch_payment p join fate f on f.entity = 'financial.payments' and f.key = p.id
cross join lateral (values
  ('payment total', total_price), ('payment subtotal', subtotal_price), ('payment tax', tax_value),
  ('payment used credit', used_credit), ('payment paid price', paid_price)) amount (name, value);

insert into fact_row
select fact.name, fact.value
from (select p.*, case when canceled then 'cancelled' when paid or free then 'completed'
                       else 'pending' end as status
      from dispatch_payment p) p
join fate f on f.entity = 'financial.payments' and f.key = p.id and f.outcome = 'written'
left join (select distinct payment_id from dispatch_operation) o on o.payment_id = p.id
cross join lateral (values
  ('financial.payments.status', p.status),
  ('financial.payments.payment_method',
   case when o.payment_id is not null then 'card' when p.netsuite then 'other' else 'null' end),
  ('financial.payments.processed_at',
   case when p.status = 'completed' and p.made_at is not null then 'set' else 'null' end))
  fact (name, value);

-- operations

analyze fate;

insert into fate
select 'financial.operations', o.id, null, pg_temp.outcome_of(decided.code), decided.code,
  array[pg_temp.lost(i.patient_id, home.outcome)]
from dispatch_operation o
left join dispatch_payment p on p.id = o.payment_id
left join dispatch_instruction i on i.id = p.instruction_id
left join fate parent on parent.entity = 'financial.payments' and parent.key = o.payment_id
left join fate home on home.entity = 'business.cases' and home.key = i.patient_id
cross join lateral (
  select case when o.type not in (1, 2) then 'unknown_enum'
              when o.type is null then 'operation_type_missing'
              else coalesce(pg_temp.reject(parent.outcome),
                            pg_temp.amount_code(array[o.price], 2)) end as code) decided;

insert into amount_row
select 'financial.operations/operation price' || amount.name, amount.value, f.outcome = 'written'
from dispatch_operation o join fate f on f.entity = 'financial.operations' and f.key = o.id
cross join lateral (values
  ('', price), (' of type 1', case when type = 1 then price end),
  (' of type 2', case when type = 2 then price end)) amount (name, value);

insert into fact_row
select 'financial.operations.operation_type', case o.type when 1 then 'payment' else 'refund' end
from dispatch_operation o
join fate f on f.entity = 'financial.operations' and f.key = o.id and f.outcome = 'written';

-- purchases

insert into fate
select 'financial.purchases', p.id, null, pg_temp.outcome_of(decided.code), decided.code,
  array[pg_temp.lost(p.product_id, product.outcome)]
from dispatch_purchase p
left join fate product on product.entity = 'core.products' and product.key = p.product_id
cross join lateral (
  select case when p.quantity is null then 'quantity_missing'
              else pg_temp.amount_code(array[p.price, p.quantity * p.price], 2) end as code)
  decided;

insert into amount_row
select 'financial.purchases/' || amount.name, amount.value, f.outcome = 'written'
from dispatch_purchase p join fate f on f.entity = 'financial.purchases' and f.key = p.id
cross join lateral (values ('purchase unit price', p.price),
                           ('purchase line total', p.quantity * p.price)) amount (name, value);

insert into derived
select 'control_totals', 'financial.' || known.total,
  pg_temp.total(sum(value), sum(value) filter (where written))
from (values
  ('offers/offer amount'), ('offers/offer price both'), ('offers/offer price upper'),
  ('offers/offer price lower'), ('discounts/discount percent'), ('payments/payment total'),
  ('payments/payment subtotal'), ('payments/payment tax'), ('payments/payment used credit'),
  ('payments/payment paid price'), ('operations/operation price'),
  ('operations/operation price of type 1'), ('operations/operation price of type 2'),
  ('purchases/purchase unit price'), ('purchases/purchase line total')) known (total)
left join amount_row on amount_row.total = 'financial.' || known.total
group by known.total;
