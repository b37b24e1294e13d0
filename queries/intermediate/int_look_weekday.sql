-- The weekday that a child missed in most of the last school weeks of the rule, a week
-- with one missed session on it being one.  base is the weeks in which the child could
-- attend on that weekday; of weekdays missed as often it is the one with the fewest.
-- Key: pupil_key, rule.
with weeks as (
    select distinct
        school_key,
        week_start(school_day) as week_start
    from int_look_day
    where rule = 'same_weekday'
),

by_weekday as (
    select
        days.pupil_key,
        isodow(days.session_date) as weekday,
        count(*) filter (where days.absent_sessions > 0)::integer as figure,
        count(*) filter (where days.possible_sessions > 0)::integer as base
    from int_pupil_day as days
    inner join weeks
        on
            days.school_key = weeks.school_key
            and week_start(days.session_date) = weeks.week_start
    where days.session_date <= as_at()
    group by days.pupil_key, isodow(days.session_date)
)

select
    pupil_key,
    'same_weekday' as rule,
    max(figure) as figure,
    arg_max(base, (figure, -base)) as base
from by_weekday
group by pupil_key
