-- A child's sessions on a day: 0, 1 or 2 of each kind. The counts of every longer stretch
-- are sums of these. marks is the number of marks, open_marks that without the marks of a
-- planned closure.
-- Key: school_key, pupil_key, session_date.
-- Materialised: while a version is written.
select
    school_key,
    pupil_key,
    session_date,
    count(*)::tinyint as marks,
    count(*) filter (where kind is distinct from 'closed')::tinyint as open_marks,
    count(*) filter (where is_possible)::tinyint as possible_sessions,
    count(*) filter (where is_attended)::tinyint as attended_sessions,
    count(*) filter (
        where is_absent and is_authorised
    )::tinyint as authorised_absent_sessions,
    count(*) filter (
        where is_absent and not is_authorised
    )::tinyint as unauthorised_absent_sessions,
    count(*) filter (where is_absent)::tinyint as absent_sessions,
    count(*) filter (where is_late)::tinyint as late_sessions
from int_mark_classified
group by school_key, pupil_key, session_date
