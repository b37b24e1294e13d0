-- How many sessions the whole school missed in a year, out of those possible. All
-- children on roll are counted, week by week.
--
-- One row for each school and school year, for the weeks loaded up to the date you chose.
-- A year without figures for the whole school has no row.
-- Key: school_key, academic_year.
-- Null: absence_rate.
-- Category: attendance.
select
    school_key,
    academic_year,
    sum(possible_sessions)::integer as possible_sessions,
    sum(absent_sessions)::integer as absent_sessions,
    sum(absent_sessions) / nullif(sum(possible_sessions), 0) as absence_rate
from school_week_attendance
group by school_key, academic_year
