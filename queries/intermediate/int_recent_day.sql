-- The school days up to the day asked for; the newest has number 1.
-- Key: school_key, school_day.
select
    school_key,
    calendar_date as school_day,
    row_number() over (
        partition by school_key
        order by calendar_date desc
    )::integer as days_ago
from stg_calendar_day
where is_school_day and calendar_date <= as_at()
