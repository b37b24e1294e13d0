-- A health event: done, booked or found not done.  age_band is the child's on that day.
-- Key: school_key, pupil_key, kind, health_date.
select
    school_key,
    pupil_key,
    kind,
    health_date,
    outcome,
    next_due,
    reason,
    age_band
from raw_health
