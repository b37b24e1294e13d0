-- One row a child with a mark or a school day in the week of the last full day of the
-- register, up to that day.  Sessions are half days; unexplained_sessions are marked N,
-- counted among the absent; not_recorded_sessions have no mark and count as nothing.
-- Key: pupil_key.
-- Category: attendance.
-- Short: How a child's week has gone so far: sessions missed, late, and without a mark.
-- Short: A session without a mark counts as nothing.
select
    pupil_key,
    arg_max(school_key, session_date) as school_key,
    pupil_id,
    handle,
    count(*) filter (where is_possible)::integer as possible_sessions,
    count(*) filter (where is_absent)::integer as absent_sessions,
    count(*) filter (where kind = 'late')::integer as late_sessions,
    count(*) filter (where code = 'N')::integer as unexplained_sessions,
    count(*) filter (where kind = 'not recorded')::integer as not_recorded_sessions
from pupil_session
where session_date >= week_start(register_day())
group by pupil_key, pupil_id, handle
