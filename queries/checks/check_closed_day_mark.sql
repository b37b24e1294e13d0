-- A mark on a day that is no school day in the calendar. The calendar or the mark is
-- wrong. The mark counts until one of them is corrected.
-- Key: pupil_key, session_date, half.
-- Category: load.
-- Severity: shown.
select
    marks.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    marks.session_date,
    marks.half,
    marks.code::varchar as code
from int_mark_classified as marks
inner join stg_pupil as pupils on marks.pupil_key = pupils.pupil_key
where
    marks.is_possible
    and marks.session_date <= as_at()
    and not exists (
        select 1
        from stg_calendar_day as days
        where
            days.school_key = marks.school_key
            and days.calendar_date = marks.session_date
            and days.is_school_day
    )
