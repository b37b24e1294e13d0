-- A day of a school's calendar.
-- Key: school_key, calendar_date.
select
    school_key,
    calendar_date,
    kind,
    kind = 'school day' as is_school_day
from raw_calendar_day
