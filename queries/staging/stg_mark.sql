-- A mark in the register: one child, one session, one code.
-- Key: school_key, pupil_key, session_date, half.
select
    school_key,
    pupil_key,
    session_date,
    half,
    code
from raw_mark
