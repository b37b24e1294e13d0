-- A school day of a child's stay without a mark: not recorded, which is no absence.
-- Key: school_key, pupil_key, session_date, half.
-- Category: load.
-- Severity: shown.
select
    school_key,
    pupil_key,
    pupil_id,
    handle,
    session_date,
    half
from pupil_session
where kind = 'not recorded'
