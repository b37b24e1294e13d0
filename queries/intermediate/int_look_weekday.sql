-- The weekday that a child missed in most of the last school weeks of the rule, a week
-- with one missed session on it being one.  base is the weeks in which the child could
-- attend on that weekday; of weekdays missed as often it is the one with the fewest.
-- Key: school_key, pupil_key, rule.
with weeks as (
    select
        school_key,
        week_start(school_day) as week_start,
        row_number() over (
            partition by school_key
            order by week_start(school_day) desc
        ) as weeks_ago
    from int_recent_day
    group by school_key, week_start(school_day)
),

by_weekday as (
    select
        days.school_key,
        days.pupil_key,
        isodow(days.session_date) as weekday,
        count(*) filter (where days.absent_sessions > 0)::integer as figure,
        count(*) filter (where days.possible_sessions > 0)::integer as base
    from int_pupil_day as days
    inner join ref_look as rules on rules.rule = 'same_weekday'
    inner join weeks
        on
            days.school_key = weeks.school_key
            and week_start(days.session_date) = weeks.week_start
            and rules."window" >= weeks.weeks_ago
    where days.session_date <= as_at()
    group by days.school_key, days.pupil_key, isodow(days.session_date)
)

select
    school_key,
    pupil_key,
    'same_weekday' as rule,
    max(figure) as figure,
    arg_max(base, (figure, -base)) as base
from by_weekday
group by school_key, pupil_key
