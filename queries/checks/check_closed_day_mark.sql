-- A mark on a day when the calendar says school was closed. Either the calendar or the
-- mark is wrong, and the mark counts until one of them is corrected.
-- Key: pupil_key, session_date, half.
-- Category: load.
with closed as (
    select distinct
        marked.school_key,
        marked.session_date
    from int_pupil_day as marked
    anti join stg_calendar_day as days
        on
            marked.school_key = days.school_key
            and marked.session_date = days.calendar_date
            and days.is_school_day
    where marked.possible_sessions > 0 and marked.session_date <= as_at()
)

select
    marks.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    marks.session_date,
    marks.half,
    marks.code::varchar as code
from int_mark_classified as marks
inner join closed
    on
        marks.school_key = closed.school_key
        and marks.session_date = closed.session_date
inner join stg_pupil as pupils on marks.pupil_key = pupils.pupil_key
where marks.is_possible
