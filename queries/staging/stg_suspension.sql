-- A suspension or exclusion by its first day.  sessions are half days.
-- Key: school_key, pupil_key, suspension_date.
select
    school_key,
    pupil_key,
    suspension_date,
    category,
    sessions,
    reason
from raw_suspension
