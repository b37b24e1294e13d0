-- Children whose absence this year reached the persistent line within the last school
-- days of the rule: on it or above it now, below it before (or without a session then),
-- with enough weeks for a rate.
-- Key: pupil_key, rule.
with starts as (
    select
        school_key,
        min(school_day) as first_day
    from int_look_day
    where rule = 'became_persistent'
    group by school_key
),

earlier as (
    select
        days.pupil_key,
        sum(days.absent_sessions) as absent_sessions,
        sum(days.possible_sessions) as possible_sessions
    from int_pupil_day as days
    inner join starts on days.school_key = starts.school_key
    where
        days.session_date < starts.first_day
        and days.session_date >= academic_year_first_day(register_day())
    group by days.pupil_key
)

select
    years.pupil_key,
    'became_persistent' as rule,
    years.absent_sessions as figure,
    years.possible_sessions as base
from int_pupil_year as years
left join earlier on years.pupil_key = earlier.pupil_key
where
    years.academic_year = academic_year(register_day())
    and years.is_persistent_absentee
    and not years.is_too_early
    and (
        coalesce(earlier.possible_sessions, 0) = 0
        or earlier.absent_sessions
        < earlier.possible_sessions * threshold('persistent_absence', as_at())
    )
