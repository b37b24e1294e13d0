-- The whole school's sessions in a week.
-- Key: school_key, week_start.
select
    school_key,
    week_start,
    school_days,
    possible_sessions,
    authorised_absent_sessions,
    unauthorised_absent_sessions,
    authorised_absent_sessions + unauthorised_absent_sessions as absent_sessions
from raw_school_week
