-- A health event: done, booked or found not done.  age_band is the child's on that day.
-- subject is the duty that it does: an initial and a review assessment do one.
-- Of rows about the same thing the newest source counts, which is what people typed.
-- Key: school_key, pupil_key, kind, health_date.
-- Materialised: school_key, pupil_key, kind, health_date.
select distinct on (school_key, pupil_key, kind, health_date)
    school_key,
    pupil_key,
    kind,
    get_health_subject(kind) as subject,
    health_date,
    outcome,
    next_due,
    reason,
    age_band
from raw_health
order by source_id desc
