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
    today.place - coalesce(open_days.place, 0) as school_days
from int_mark_classified as marks
inner join today on marks.school_key = today.school_key
asof left join int_school_day as open_days
    on
        marks.school_key = open_days.school_key
        and marks.session_date >= open_days.school_day
inner join stg_pupil as pupils on marks.pupil_key = pupils.pupil_key
where
    marks.code = 'N'
    and marks.session_date <= as_at()
    and today.place - coalesce(open_days.place, 0)
    > threshold('days_to_explain_n', as_at())
