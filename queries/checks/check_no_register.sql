-- A school day with no register yet, or with marks for only a few children. A day without
-- a register is not used for any child.
--
-- Days are checked from the first one with a register to the day before the date you
-- chose.
-- Key: school_key, calendar_date.
-- Category: load.
with firsts as (
    select
        school_key,
        min(session_date) as first_day
    from int_register_day
    group by school_key
)

select
    days.school_key,
    days.calendar_date
from stg_calendar_day as days
inner join firsts
    on
        days.school_key = firsts.school_key
        and days.calendar_date > firsts.first_day
anti join int_register_day as kept
    on
        days.school_key = kept.school_key
        and days.calendar_date = kept.session_date
where days.is_school_day and days.calendar_date < as_at()
