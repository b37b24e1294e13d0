-- The days of the school's calendar, and whether school was open. Each week begins on a
-- Monday.
-- Key: school_key, calendar_date.
-- Category: attendance.
select
    school_key,
    calendar_date,
    week_start(calendar_date) as week_start,
    academic_year(calendar_date) as academic_year,
    kind,
    is_school_day
from stg_calendar_day
