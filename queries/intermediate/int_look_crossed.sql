-- Children whose absence this year reached the persistent line within the last school
-- days of the rule: at it or over now, under it then (or without a session then), with
-- weeks enough for a rate.
-- Key: school_key, pupil_key, rule.
with starts as (
    select
        recent.school_key,
        min(recent.school_day) as first_day
    from int_recent_day as recent
    inner join ref_look as rules
        on rules.rule = 'became_persistent' and recent.days_ago <= rules."window"
    group by recent.school_key
),

earlier as (
    select
        days.school_key,
        days.pupil_key,
        sum(days.absent_sessions) as absent_sessions,
        sum(days.possible_sessions) as possible_sessions
    from int_pupil_day as days
    inner join starts on days.school_key = starts.school_key
    where
        days.session_date < starts.first_day
        and academic_year(days.session_date) = academic_year(as_at())
    group by days.school_key, days.pupil_key
)

select
    years.school_key,
    years.pupil_key,
    'became_persistent' as rule,
    years.absent_sessions as figure,
    years.possible_sessions as base
from pupil_attendance as years
left join earlier
    on
        years.school_key = earlier.school_key
        and years.pupil_key = earlier.pupil_key
where
    years.academic_year = academic_year(as_at())
    and years.is_persistent_absentee
    and not years.is_too_early
    and (
        coalesce(earlier.possible_sessions, 0) = 0
        or earlier.absent_sessions
        < earlier.possible_sessions * threshold('persistent_absence', as_at())
    )
