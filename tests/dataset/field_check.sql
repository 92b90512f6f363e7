-- What the field checks of all families share: the value rules at the top of docs/families/core.md
-- and business.md, and the comparison. Part of ./check_fields; works in pg_temp only.
\set ON_ERROR_STOP on
set client_min_messages = warning;
set timezone = 'UTC';
set jit = off;
set work_mem = '128MB';
set temp_buffers = '128MB';

create function pg_temp.trimmed(value text) returns text language sql immutable as $$
  select btrim(value, e' \t\r\n\x0B\f\u00A0\u3000')
$$;
-- NULL for what counts as empty, else trimmed.
create function pg_temp.content(value text) returns text language sql immutable as $$
  select case when lower(pg_temp.trimmed(value) collate "C") not in ('', 'null', 'none')
              then pg_temp.trimmed(value) end
$$;
-- Collapsed as well.
create function pg_temp.tidied(value text) returns text language sql immutable as $$
  select regexp_replace(pg_temp.content(value), '[ \t\r\n\v\f\u00A0\u3000]+', ' ', 'g')
$$;
create function pg_temp.is_blank(value text) returns bool language sql immutable as $$
  select coalesce(pg_temp.trimmed(value), '') = ''
$$;
-- Only ASCII letters change.
create function pg_temp.ascii_lower(value text) returns text language sql immutable as $$
  select lower(value collate "C")
$$;
create function pg_temp.email(value text) returns text language sql immutable as $$
  select case when pg_temp.ascii_lower(pg_temp.content(value))
                   ~ '^[a-z0-9._%+-]+@[a-z0-9.-]+\.[a-z]{2,}$'
              then pg_temp.ascii_lower(pg_temp.content(value)) end
$$;
create function pg_temp.gender(sex int) returns text language sql immutable as $$
  select case coalesce(sex, -1) when 1 then 'male' when 2 then 'female' when 0 then 'other'
              when -1 then case when sex is null then 'unknown' end end
$$;
create function pg_temp.birthdate(value date) returns date language sql stable as $$
  select case when value >= '1900-01-01' and value <= current_date then value end
$$;
create function pg_temp.course(id int) returns text language sql immutable as $$
  select case id when 1 then 'main' when 2 then 'refinement' when 3 then 'replacement'
                 when 4 then 'any' when 7 then 'invoice' when 8 then 'merchandise' end
$$;
-- The JSON text rule. Case by case, because a text that is no JSON raises an error.
create function pg_temp.json_from(value text) returns jsonb language plpgsql immutable as $$
begin
  if value is null or value = '' then
    return '{}';
  end if;
  begin
    return value::jsonb;
  exception when others then
    null;
  end;
  begin
    return regexp_replace(value, '(?<!\\)((?:\\\\)*)\\u0000', '\1\\ufffd', 'g')::jsonb;
  exception when others then
    return jsonb_build_object('_raw', value);
  end;
end $$;
-- A point in time as text: ISO 8601 in UTC, the fraction without zeros at its end.
create function pg_temp.iso(value timestamptz) returns text language sql immutable as $$
  select (to_jsonb(value at time zone 'UTC') #>> '{}') || 'Z'
$$;

create temporary table setting as select :'namespace'::uuid as namespace;
create temporary table difference (entity text, legacy_key text, column_name text);
create temporary table checked (entity text, rows bigint);

-- 'metadata (a, b)': the members that differ. Their names are the schema's, not the row's.
create function pg_temp.unlike_members(got jsonb, expected jsonb) returns text
language sql immutable as $$
  select 'metadata (' || coalesce(string_agg(key, ', ' order by key), 'no object') || ')'
  from (select jsonb_object_keys(case jsonb_typeof(got) when 'object' then got else '{}' end)
        union
        select jsonb_object_keys(case jsonb_typeof(expected) when 'object' then expected
                                 else '{}' end)) keys (key)
  where got -> key is distinct from expected -> key
$$;

-- For each column of a target table an SQL condition over t (a row) and e (what is expected of it)
-- that holds when they differ, and the text that names it. A column that the view does not name
-- must have its default; what the load stamps itself is left out.
create function pg_temp.column_checks(target text, expected text, key text)
returns table (condition text, named text) language sql as $$
  select format(case when t.typtype = 'e' then 't.%I::text' else 't.%I' end, a.attname)
      || ' is distinct from '
      || case when v.attname is not null then format('e.%I', a.attname)
              when d.adbin is null then 'null'
              else format(case when t.typtype = 'e' then '(%s)::text' else '(%s)' end,
                          pg_get_expr(d.adbin, d.adrelid)) end,
    case when a.attname = 'metadata' and v.attname is not null
         then 'pg_temp.unlike_members(t.metadata, e.metadata)'
         else quote_literal(a.attname) end
  from pg_attribute a join pg_type t on t.oid = a.atttypid
  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  left join pg_attribute v on v.attrelid = ('pg_temp.' || expected)::regclass
    and v.attname = a.attname
  where a.attrelid = ('public.' || target)::regclass and a.attnum > 0 and not a.attisdropped
    and a.attname not in ('id', key)
    and (v.attname is not null or a.attname not in ('created_at', 'updated_at'))
$$;

-- Compares all rows of a target table that `rows` selects with the view `expected`, whose column
-- legacy_key holds the key and whose other columns are named as those of the table. `key` is the
-- legacy key of a row t: a column, or an expression where no column has it.
create procedure pg_temp.check_rows(entity text, target text, key text, expected text,
                                    rows text default 'true')
language plpgsql as $$
declare
  unknown text;
  columns text;
  counted bigint;
begin
  select string_agg(attname, ', ') into unknown from pg_attribute
  where attrelid = ('pg_temp.' || expected)::regclass and attnum > 0 and attname <> 'legacy_key'
    and attname not in (select a.attname from pg_attribute a
                        where a.attrelid = ('public.' || target)::regclass);
  if unknown is not null then
    raise exception 'check_fields: % names columns that % does not have: %', expected, target,
      unknown;
  end if;
  select string_agg(format('case when %s then %s end', condition, named), ', ') into columns
  from pg_temp.column_checks(target, expected, key);
  execute format($sql$
    with compared as materialized (
      select t.own_key, case when e.legacy_key is null then array['(no such legacy row)']
        else array_remove(array[
          case when t.id <> uuid_generate_v5(s.namespace, %L || t.own_key) then 'id' end, %s],
          null) end as unlike
      from (select t.*, %s as own_key from public.%I t where %s) t cross join setting s
      left join pg_temp.%I e on e.legacy_key = t.own_key
    ), noted as (
      insert into difference
      select %L, own_key::text, unnest(unlike) from compared where unlike <> '{}'
      union all
      select %L, own_key::text, '(legacy key occurs twice)' from compared
      group by own_key having count(*) > 1
    )
    select count(*) from compared $sql$,
    entity || '/', columns, key, target, rows, expected, entity, entity) into counted;
  insert into checked values (entity, counted);
end $$;
