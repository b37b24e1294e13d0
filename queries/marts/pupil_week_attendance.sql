-- One row a child and week in which the register has a mark.  Sessions are half days;
-- absence_rate is absent over possible sessions, 0 to 1, null when none was possible.
-- Not cut at the day asked for: a week is whole, and belongs to the academic year of its
-- first mark.
-- Key: school_key, pupil_key, week_start.
-- Category: attendance.
-- Materialised: pupil_key, week_start.
select
    school_key,
    pupil_key,
    week_start(session_date) as week_start,
    academic_year(min(session_date)) as academic_year,
    sum(possible_sessions)::integer as possible_sessions,
    sum(attended_sessions)::integer as attended_sessions,
    sum(authorised_absent_sessions)::integer as authorised_absent_sessions,
    sum(unauthorised_absent_sessions)::integer as unauthorised_absent_sessions,
    sum(absent_sessions)::integer as absent_sessions,
    sum(late_sessions)::integer as late_sessions,
    sum(absent_sessions) / nullif(sum(possible_sessions), 0) as absence_rate
from int_pupil_day
group by school_key, pupil_key, week_start(session_date)
