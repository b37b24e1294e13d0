-- A school day of the register to which a rule of ref_look about marks looks back: one of
-- the last school days, or of the last school weeks, of its window.
-- Key: school_key, rule, school_day.
with recent as (
    select
        school_key,
        calendar_date as school_day,
        row_number() over (
            partition by school_key
            order by calendar_date desc
        ) as days_ago,
        dense_rank() over (
            partition by school_key
            order by week_start(calendar_date) desc
        ) as weeks_ago
    from stg_calendar_day
    where is_school_day and calendar_date <= register_day()
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
