-- The weekday (1 is Monday) on which a child missed more days of the last school weeks of
-- the rule than on all others together; a day counts even if only one session was missed.
-- base is the number of weeks in which the child could attend on that weekday. A child
-- who had a part-time timetable (C2) in these weeks has no row.
-- Key: pupil_key, rule.
with weeks as (
    select distinct
        school_key,
        week_start(school_day) as week_start
    from int_look_day
    where rule = 'same_weekday'
),

days as (
    select
        marks.pupil_key,
        marks.session_date,
        bool_or(marks.is_absent) as is_missed,
        bool_or(marks.is_possible) as is_possible,
        bool_or(marks.code = 'C2') as is_part_time
    from int_mark_classified as marks
    inner join weeks
        on
            marks.school_key = weeks.school_key
            and week_start(marks.session_date) = weeks.week_start
    where marks.session_date <= register_day()
    group by marks.pupil_key, marks.session_date
),

by_weekday as (
    select
        pupil_key,
        isodow(session_date)::integer as weekday,
        count(*) filter (where is_missed)::integer as figure,
        count(*) filter (where is_possible)::integer as base,
        bool_or(is_part_time) as is_part_time
    from days
    group by pupil_key, isodow(session_date)
),

beside as (
    select
        pupil_key,
        weekday,
        figure,
        base,
        sum(figure) over (partition by pupil_key) - figure as other_days,
        bool_or(is_part_time) over (partition by pupil_key) as is_part_time
    from by_weekday
)

select
    pupil_key,
    'same_weekday' as rule,
    figure,
    base,
    weekday
from beside
where figure > other_days and not is_part_time
