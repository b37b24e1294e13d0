-- The last school day of a suspension of so many half days that began on a day; null
-- where the calendar does not reach so far.
create macro suspension_last_day(school, day, sessions) as (
    school_day_after(school, day - 1, (sessions + 1) // 2)
);
