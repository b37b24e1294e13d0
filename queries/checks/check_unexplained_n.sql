-- An absence that should have a reason by now. A mark of N (no reason yet) counts as
-- unauthorised until a reason replaces it.
--
-- The row shows how many school days have passed since the mark.
-- Key: pupil_key, session_date, half.
-- Category: attendance.
with today as (
    select
        school_key,
        max(day_number) as day_number
    from int_day
    where calendar_date <= as_at()
    group by school_key
)

select
    marks.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    marks.session_date,
    marks.half,
    today.day_number - marked.day_number as school_days
from int_mark_classified as marks
asof inner join int_day as marked
    on
        marks.school_key = marked.school_key
        and marks.session_date >= marked.calendar_date
inner join today on marks.school_key = today.school_key
inner join stg_pupil as pupils on marks.pupil_key = pupils.pupil_key
where
    marks.code = 'N'
    and marks.session_date <= register_day()
    and today.day_number - marked.day_number > threshold('days_to_explain_n', as_at())
