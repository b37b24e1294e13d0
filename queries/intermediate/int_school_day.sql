-- A school day with its place among the school's school days, so that two places
-- differ by the school days between them.
-- Key: school_key, school_day.
-- Materialised: school_key, school_day.
select
    school_key,
    calendar_date as school_day,
    row_number() over (
        partition by school_key
        order by calendar_date
    )::integer as place
from stg_calendar_day
where is_school_day
