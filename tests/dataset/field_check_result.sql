-- The last part of ./check_fields: what differs, at most 20 rows of each entity and column; or
-- that all agrees.
select entity || ', key ' || coalesce(legacy_key, 'none') || ', ' || column_name
from (select *, row_number() over (partition by entity, column_name
                                   order by length(legacy_key), legacy_key) as place
      from difference) listed
where place <= 20 order by entity, column_name, place;
select format('%s, %s more rows, %s', entity, count(*) - 20, column_name)
from difference group by entity, column_name having count(*) > 20 order by entity, column_name;
select format('check_fields: %s rows of %s entities agree', sum(rows), count(*))
from checked having not exists (select from difference);
