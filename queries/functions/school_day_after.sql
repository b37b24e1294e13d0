-- The school day that lies `days` school days after a day in a school's own calendar;
-- null where the calendar does not reach so far.
create macro school_day_after(school, day, days) as (
    (
        select list(calendar.calendar_date order by calendar.calendar_date)
        from raw_calendar_day as calendar
        where
            calendar.school_key = school -- noqa: RF03
            and calendar.kind = 'school day'
            and calendar.calendar_date > day -- noqa: RF03
    )[days]
);
