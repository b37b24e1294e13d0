-- A school day to which a rule of ref_look looks back on the day asked for: one of the
-- last school days, or of the last school weeks, of its window.
-- Key: school_key, rule, school_day.
with recent as (
    select
        school_key,
        school_day,
        days_ago,
        dense_rank() over (
            partition by school_key
            order by week_start(school_day) desc
        ) as weeks_ago
    from int_recent_day
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
