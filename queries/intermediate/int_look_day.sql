-- A school day of the register in the window of a rule of ref_look about marks: one of
-- the last school days, or of the last school weeks.
-- Key: school_key, rule, school_day.
with recent as (
    select
        days.school_key,
        days.calendar_date as school_day,
        row_number() over (
            partition by days.school_key
            order by days.calendar_date desc
        ) as days_ago,
        dense_rank() over (
            partition by days.school_key
            order by week_start(days.calendar_date) desc
        ) as weeks_ago
    from stg_calendar_day as days
    inner join int_school_register_day as ends
        on
            days.school_key = ends.school_key
            and days.calendar_date <= ends.register_day
    where days.is_school_day
)

select
    recent.school_key,
    rules.rule,
    recent.school_day
from recent
inner join ref_look as rules
    on
        case rules.window_unit
            when 'week' then recent.weeks_ago
            when 'school day' then recent.days_ago
        end <= rules."window"
