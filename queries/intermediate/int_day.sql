-- Every day with its number among the days of a unit that count, a school's school days
-- or the working days: how many of them there are up to it and with it.  The day that
-- lies n school days after another is the school day whose number is larger by n.
-- A working day is not a Saturday, a Sunday or a bank holiday of England.
-- Key: school_key, unit, calendar_date.
-- Materialised: school_key, unit, calendar_date.
with days as (select unnest(every_day())::date as calendar_date),

kinds as (
    select
        schools.school_key,
        days.calendar_date,
        unnest([ -- noqa: AL03
            {
                'unit': 'school days',
                'is_counted': coalesce(school_days.is_school_day, false)
            },
            {
                'unit': 'working days',
                'is_counted': not is_weekend(days.calendar_date)
                and holidays.holiday is null
            }
        ], recursive := true)
    from days
    cross join stg_school as schools
    left join ref_bank_holiday as holidays on days.calendar_date = holidays.holiday
    left join stg_calendar_day as school_days
        on
            schools.school_key = school_days.school_key
            and days.calendar_date = school_days.calendar_date
)

select
    school_key,
    unit,
    calendar_date,
    is_counted,
    -- a count with a filter takes ten times as long over a window
    (sum(is_counted::integer) over (
        partition by school_key, unit
        order by calendar_date
    ))::bigint as day_number
from kinds
