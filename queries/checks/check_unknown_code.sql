-- A mark with a code that was not in use on that date. The mark does not count until it
-- is corrected.
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
where not marks.is_known_code and marks.session_date <= as_at()
