-- The anti-joins of ./check_orphans. Works in pg_temp only.
\set ON_ERROR_STOP on
set client_min_messages = warning;
set work_mem = '128MB';

-- child, its columns, the rows of it that count, parent, the columns there.
create temporary table reference (
  child regclass, columns text[], condition text, parent regclass, keys text[]
);

insert into reference
select conrelid, columns.names, 'true', confrelid, keys.names
from pg_constraint c,
  lateral (select array_agg(attname::text order by n) as names
           from unnest(conkey) with ordinality as k (number, n)
           join pg_attribute on attrelid = conrelid and attnum = number) columns,
  lateral (select array_agg(attname::text order by n) as names
           from unnest(confkey) with ordinality as k (number, n)
           join pg_attribute on attrelid = confrelid and attnum = number) keys
where contype = 'f' and connamespace = 'public'::regnamespace;

-- What no foreign key watches: keys of several tables in one column, and one that lacks its key.
insert into reference
select 'messages', '{recipient_id}', format('c.recipient_type = %L', kind), parent::regclass, '{id}'
from (values ('patient', 'patients'), ('user', 'profiles')) kinds (kind, parent);
insert into reference
select 'user_actions', array[side || '_id'], format('c.%s_type = %L', side, kind),
  parent::regclass, '{id}'
from (values ('item'), ('owner')) sides (side),
  (values ('dispatch.instruction', 'orders'), ('dispatch.patient', 'patients'),
          ('auth.user', 'profiles'), ('dispatch.userproxy', 'profiles'), ('dispatch.task', 'tasks'),
          ('dispatch.record', 'messages'), ('dispatch.file', 'files'),
          ('dispatch.plan', 'treatment_plans')) kinds (kind, parent);
insert into reference values
  ('team_communications', '{project_id}', 'true', 'projects', '{id}');

create temporary table orphan (child regclass, columns text[], parent regclass, id text);

-- A key of several columns refers to nothing when one of them is NULL.
do $$
declare
  asked reference;
  pairs text;
begin
  for asked in select * from reference loop
    select string_agg(format('p.%I = c.%I', k, c), ' and ') into pairs
    from unnest(asked.columns, asked.keys) as pair (c, k);
    execute format(
      'insert into orphan select %L, %L, %L, to_jsonb(c) ->> ''id'' from %s c'
        || ' where %s and (%s) is not null and not exists (select from %s p where %s)',
      asked.child, asked.columns, asked.parent, asked.child, asked.condition,
      (select string_agg(format('c.%I', c), ', ') from unnest(asked.columns) c), asked.parent,
      pairs);
  end loop;
end $$;

-- A kind that nobody listed cannot be checked, so a key of that kind is an orphan too.
insert into orphan
select 'messages', '{recipient_id}', null, id from messages
where recipient_id is not null and recipient_type not in ('patient', 'user');
insert into orphan
select 'user_actions', array[column_name], null, a.id
from user_actions a, lateral (values ('item_id', item_type, item_id),
                                     ('owner_id', owner_type, owner_id)) s (column_name, kind, key)
where key is not null and not exists (
  select from reference where child = 'user_actions'::regclass
    and condition = format('c.%s = %L', replace(column_name, '_id', '_type'), kind));

select format('%s.%s: %s rows without a row in %s: %s', child, array_to_string(columns, ', '),
              count(*), coalesce(parent::text, 'a table that is known'),
              array_to_string((array_agg(id order by id))[:10], ' '))
from orphan group by child, columns, parent order by 1;
select format('check_orphans: %s references of %s tables hold', count(*), count(distinct child))
from reference having count(*) filter (where condition = 'true') > 1
  and not exists (select from orphan);
