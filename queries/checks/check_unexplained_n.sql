-- A mark of N (no reason yet) that has outlived the school days in which it should be
-- replaced.  school_days counts those after the day of the mark, up to the day asked
-- for.  It counts as an unauthorised absence until it is replaced.
-- Key: school_key, pupil_key, session_date, half.
-- Category: attendance.
-- Severity: shown.
with today as (
    select
        school_key,
        max(place) as place
    from int_school_day
    where school_day <= as_at()
    group by school_key
)

select
    marks.school_key,
    marks.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    marks.session_date,
    marks.half,
    today.place - days.place as school_days
from int_mark_classified as marks
inner join int_school_day as days
    on
        marks.school_key = days.school_key
        and marks.session_date = days.school_day
inner join today on marks.school_key = today.school_key
inner join stg_pupil as pupils on marks.pupil_key = pupils.pupil_key
where
    marks.code = 'N'
    and marks.session_date <= as_at()
    and today.place - days.place > threshold('days_to_explain_n', as_at())
