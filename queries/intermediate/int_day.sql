-- The days that a time is counted in, numbered in order: a school's own school days, and
-- the working days once for all schools, under 0. Row 0 of each calendar comes before all
-- its days, so that every day has a last one up to it. The day that is n such days after
-- another has a number larger by n. A working day is not a Saturday, a Sunday or a bank
-- holiday of England.
-- Key: school_key, calendar_date.
-- Materialised: school_key, calendar_date.
with days as (select unnest(every_day()) as calendar_date),

counted as (
    select
        0 as school_key,
        days.calendar_date
    from days
    anti join ref_bank_holiday as holidays on days.calendar_date = holidays.holiday
    where not is_weekend(days.calendar_date)
    union all
    select
        school_key,
        calendar_date
    from stg_calendar_day
    where is_school_day and school_key > 0
),

calendars as (
    select 0 as school_key
    union
    select school_key
    from stg_school
)

select
    school_key,
    calendar_date,
    row_number() over (
        partition by school_key
        order by calendar_date
    ) as day_number
from counted
union all
select
    calendars.school_key,
    min(days.calendar_date) - 1 as calendar_date,
    0 as day_number
from calendars
cross join days
group by calendars.school_key
