-- A child's sessions on a day: 0, 1 or 2 of each kind.  The counts of every longer
-- stretch are sums of these.
-- Key: school_key, pupil_key, session_date.
-- Materialised: pupil_key, session_date.
select
    school_key,
    pupil_key,
    session_date,
    count(*) filter (where is_possible) as possible_sessions,
    count(*) filter (where is_attended) as attended_sessions,
    count(*) filter (
        where is_absent and is_authorised
    ) as authorised_absent_sessions,
    count(*) filter (
        where is_absent and not is_authorised
    ) as unauthorised_absent_sessions,
    count(*) filter (where is_absent) as absent_sessions,
    count(*) filter (where is_late) as late_sessions
from int_mark_classified
group by school_key, pupil_key, session_date
