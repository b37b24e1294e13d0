-- How many sessions the whole school missed in each week, out of those possible. All
-- children on roll are counted.
--
-- One row for each school and week whose Friday is not after the date you chose. The
-- newest week of the data has a row from the last day of the data on.
-- Key: school_key, week_start.
-- Null: absence_rate.
-- Category: attendance.
select
    weeks.school_key,
    weeks.week_start,
    academic_year(weeks.week_start + 4) as academic_year,
    weeks.possible_sessions,
    weeks.absent_sessions,
    weeks.absent_sessions / nullif(weeks.possible_sessions, 0) as absence_rate
from stg_school_week as weeks
inner join int_newest_load as newest on weeks.school_key = newest.school_key
where
    weeks.week_start <= register_day()
    and (weeks.week_start + 4 <= as_at() or as_at() >= newest.data_until)
