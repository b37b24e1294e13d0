-- A child's sessions in each week up to the day asked for: whole weeks from the
-- summary, the week of that day from its days.
-- Key: school_key, pupil_key, week_start.
select
    school_key,
    pupil_key,
    week_start,
    academic_year,
    possible_sessions,
    attended_sessions,
    authorised_absent_sessions,
    unauthorised_absent_sessions,
    absent_sessions,
    late_sessions
from pupil_week_attendance
where week_start < week_start(as_at())
union all
select
    school_key,
    pupil_key,
    week_start(as_at()) as week_start,
    academic_year(min(session_date)) as academic_year,
    sum(possible_sessions)::integer as possible_sessions,
    sum(attended_sessions)::integer as attended_sessions,
    sum(authorised_absent_sessions)::integer as authorised_absent_sessions,
    sum(unauthorised_absent_sessions)::integer as unauthorised_absent_sessions,
    sum(absent_sessions)::integer as absent_sessions,
    sum(late_sessions)::integer as late_sessions
from int_pupil_day
where session_date >= week_start(as_at()) and session_date <= as_at()
group by school_key, pupil_key
