-- The legacy database, older generation: the shape of the clone of May 2025 (domain 1.2). Applied
-- to the filled newer generation, with its keys, in the same transaction. What 1.2 does not tell of
-- an older table stays as it is in the newer one; the types of columns that nobody captured are
-- plausible guesses.
--
-- Values come by ADD COLUMN ... DEFAULT and ALTER TYPE ... USING, which fire no trigger: an UPDATE
-- would have the references that dangle on purpose (NOT VALID) checked again, and refused.

-- A course was a number without a foreign key, and an instruction described its jaws itself.
alter table dispatch_instruction drop constraint dispatch_instruction_course_id_fk;
alter table dispatch_instruction rename column course_id to course;
alter table dispatch_instruction
  drop column upper_jaw_id,
  drop column lower_jaw_id,
  drop column exports,
  drop column conditions,
  drop column complaint,
  drop column objective,
  drop column price,
  drop column status,
  drop column suffix,
  drop column cbct,
  add column name varchar(255) not null default '',
  add column product_id int references dispatch_product (id) deferrable initially deferred,
  add column bond_teeth varchar(16) not null default '0000000000000000',
  add column extract_teeth varchar(16) not null default '0000000000000000',
  add column extraction bool not null default false,
  add column upper_buccal int,
  add column lower_buccal int,
  add column anchorge int,
  add column designer_id int references auth_user (id) deferrable initially deferred,
  add column sectioner_id int references auth_user (id) deferrable initially deferred,
  add column manufacturer_id int references auth_user (id) deferrable initially deferred,
  add column aligner_id int references auth_user (id) deferrable initially deferred;
alter table dispatch_instruction
  alter column name type varchar(255) using 'instruction ' || id,
  alter column anchorge type int using id % 3;

-- The price of a treatment stood at the patient.
alter table dispatch_patient
  drop column suffix,
  drop column status,
  drop column submitted_at,
  drop column updated_at,
  drop column sex,
  drop column suspended,
  drop column schemes,
  add column price numeric;
alter table dispatch_patient alter column price type numeric using 1000 + id % 20 * 50.25;

-- A payment had its card, its discount and an instruction, and knew orders as texts of the card
-- processor. Payments without an instruction came later; so did the card of an operation.
delete from dispatch_operation where payment_id in (
  select id from dispatch_payment where instruction_id is null
);
delete from dispatch_payment where instruction_id is null;
set constraints all immediate;
alter table dispatch_payment rename column made_at to paid_at;
alter table dispatch_payment rename column subtotal_price to base_price;
alter table dispatch_payment rename column total_price to full_price;
alter table dispatch_payment rename column tax_value to tax;
alter table dispatch_payment
  drop column order_id,
  alter column paid_at type timestamptz using coalesce(paid_at, '2025-05-01 12:00:00+00'),
  alter column paid_at set not null,
  alter column instruction_id set not null,
  add column order_id text,
  add column payment_id text,
  add column card_brand varchar(64),
  add column card_bin varchar(16),
  add column card_last varchar(8),
  add column discount_percent numeric,
  add column discount_price numeric,
  add column discount_value numeric,
  add column discount_reason varchar(255),
  add column patient_price bool not null default false;
alter table dispatch_payment
  alter column order_id type text using 'order-' || id,
  alter column payment_id type text using 'payment-' || id,
  alter column card_last type varchar(8) using lpad((id % 10000)::text, 4, '0');
alter table dispatch_operation
  drop column card_brand,
  drop column card_bin,
  drop column card_last;

-- An offer had one discount, inside its row.
drop table dispatch_discount;
alter table dispatch_offer
  add column discount numeric,
  add column discount_count int,
  add column discount_start timestamptz,
  add column discount_finish timestamptz,
  add column discount_reason varchar(255),
  add column discount_used int not null default 0;
alter table dispatch_offer alter column discount type numeric using id % 4 * 12.5;

alter table dispatch_product drop constraint dispatch_product_course_id_fk;
alter table dispatch_product rename column course_id to course;
alter table dispatch_product rename column description to descr;
alter table dispatch_product
  drop column customization,
  drop column type,
  drop column substitute,
  add column predefined bool not null default false;

-- Every task belonged to an instruction.
delete from dispatch_task where instruction_id is null;
alter table dispatch_task
  drop column actor_id,
  drop column jaw,
  drop column order_id,
  alter column instruction_id set not null,
  add column checked2 bool not null default false,
  add column file2_id int references dispatch_file (id) deferrable initially deferred;

-- A template was for one product and edited by one role; groups saw it, not roles.
drop table dispatch_template_products, dispatch_template_edit_roles;
alter table dispatch_template rename column duration to "time";
alter table dispatch_template
  drop column category_id,
  drop column course_id,
  alter column "time" type int using coalesce("time", 0),
  alter column "time" set not null,
  add column jaws int,
  add column product_id int references dispatch_product (id) deferrable initially deferred,
  add column edit_role_id int references dispatch_role (id) deferrable initially deferred;
alter table dispatch_template_view_roles
  drop column role_id,
  add column group_id int references auth_group (id) deferrable initially deferred;
update dispatch_template_view_roles set group_id = (select min(id) from auth_group);
set constraints all immediate;
alter table dispatch_template_view_roles alter column group_id set not null;

alter table dispatch_notification drop column send;
alter table dispatch_bracket drop column type;
