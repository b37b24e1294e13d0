-- One row a child and week in which the register has a mark.  Sessions are half days;
-- absence_rate is absent over possible sessions, 0 to 1, null when none was possible.
-- Not cut at the day asked for: a week is whole, and belongs to the academic year of its
-- first mark.
-- Key: pupil_key, week_start.
-- Null: absence_rate.
-- Category: attendance.
-- Materialised: pupil_key, week_start.
select
    pupil_key,
    week_start(session_date) as week_start,
    academic_year(min(session_date)) as academic_year,
    unnest(pool_sessions(int_pupil_day)), -- noqa: AL03
    sum(absent_sessions) / nullif(sum(possible_sessions), 0) as absence_rate
from int_pupil_day
group by pupil_key, week_start(session_date)
