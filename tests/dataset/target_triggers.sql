-- What a grown Supabase schema has beside its tables: an index on every foreign key, a trigger
-- that keeps updated_at, and the two validating triggers of orders and patient_events.

do $$
declare
  child record;
begin
  for child in
    select c.relname as table_name, a.attname as column_name
    from pg_constraint f
    join pg_class c on c.oid = f.conrelid
    join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
    join pg_attribute a on a.attrelid = c.oid and a.attnum = f.conkey[1]
    where f.contype = 'f'
      -- a unique key that starts with the column already serves
      and not exists (select from pg_index i
                      where i.indrelid = c.oid and i.indkey[0] = a.attnum)
    order by 1, 2
  loop
    execute format('create index %I on %I (%I)',
                   'idx_' || child.table_name || '_' || child.column_name,
                   child.table_name, child.column_name);
  end loop;
end $$;

create index idx_profiles_profile_type on profiles (profile_type);
create index idx_profiles_email on profiles (email);
create index idx_profiles_legacy_patient_id on profiles (legacy_patient_id);
create index idx_patients_legacy_user_id on patients (legacy_user_id);
create index idx_orders_status on orders (status);
create index idx_orders_submitted_at on orders (submitted_at);

create function set_updated_at() returns trigger language plpgsql as $$
begin
  new.updated_at := now();
  return new;
end $$;

do $$
declare
  stamped text;
begin
  for stamped in
    select table_name from information_schema.columns
    where table_schema = 'public' and column_name = 'updated_at'
    order by table_name
  loop
    execute format('create trigger %I before update on %I'
                     || ' for each row execute function set_updated_at()',
                   stamped || '_updated_at', stamped);
  end loop;
end $$;

-- A wrong id space must fail loudly: 20,529 orders once pointed at profiles instead of doctors.
create function validate_order() returns trigger language plpgsql as $$
begin
  if not exists (select from public.patients where id = new.patient_id) then
    raise exception 'order % names patient %, which is no patient', new.order_number,
      new.patient_id using errcode = 'foreign_key_violation';
  end if;
  if not exists (select from public.doctors where id = new.doctor_id) then
    raise exception 'order % names doctor %, which is no doctor', new.order_number,
      new.doctor_id using errcode = 'foreign_key_violation';
  end if;
  return new;
end $$;

create trigger orders_validate before insert or update on orders
  for each row execute function validate_order();

create function validate_patient_event() returns trigger language plpgsql as $$
begin
  if new.order_id is not null and not exists (
    select from public.orders where id = new.order_id and patient_id = new.patient_id
  ) then
    raise exception 'event names order %, which is not an order of patient %', new.order_id,
      new.patient_id using errcode = 'foreign_key_violation';
  end if;
  return new;
end $$;

create trigger patient_events_validate before insert or update on patient_events
  for each row execute function validate_patient_event();
