-- Run on the source: prints the psql commands that copy the legacy tables into temporary tables of
-- the same names on the target. Part of ./check_fields, which sets CHECK_FIELDS_SOURCE. Of the
-- notifications only those that are migrated: the others are many and can be large.
begin transaction isolation level repeatable read, read only;
select format('create temporary table %I (%s);', relname, columns) || e'\n'
  || format(e'\\copy pg_temp.%I from program ''psql -X -q -d "$CHECK_FIELDS_SOURCE"'
            || ' -v ON_ERROR_STOP=1 -c "copy (select * from public.%I%s)'
            || ' to stdout (format binary)"'' (format binary)',
            relname, relname,
            case when relname = 'dispatch_notification' then ' where sent and send' else '' end)
  || e'\n' || format('analyze pg_temp.%I;', relname)
from (
  select c.relname,
    string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', '
               order by a.attnum) as columns
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not attisdropped
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
    and (c.relname like 'dispatch\_%'
         or c.relname in ('auth_user', 'auth_group', 'auth_user_groups', 'auth_permission',
                          'django_content_type'))
  group by c.relname
) legacy
order by relname;
commit;
