-- The Monday of a day's week.
create macro week_start(day) as (date_trunc('week', day)::date);
