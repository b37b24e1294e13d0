-- A child's week so far: sessions missed, late, and without a mark. A session without a
-- mark does not count as missed.
--
-- One row for each child with a mark or a school day in the week of the register's last
-- full day, up to that day. A session is half a school day.
-- Sessions marked N (no reason yet) are among the sessions missed.
-- Key: pupil_key.
-- Category: attendance.
select
    pupil_key,
    arg_max(school_key, session_date) as school_key,
    pupil_id,
    handle,
    count(*) filter (where is_possible)::integer as possible_sessions,
    count(*) filter (where is_absent)::integer as absent_sessions,
    count(*) filter (where kind = 'late')::integer as late_sessions,
    count(*) filter (where kind = 'not recorded')::integer as not_recorded_sessions
from pupil_session
where session_date >= week_start(register_day())
group by pupil_key, pupil_id, handle
