-- The whole school's weeks of the register that lie wholly before or on the day asked
-- for, and the newest week of all when that day is not before the end of the data.
-- Key: school_key, week_start.
select
    weeks.school_key,
    weeks.week_start,
    academic_year(weeks.week_start + 4) as academic_year,
    weeks.possible_sessions,
    weeks.absent_sessions
from stg_school_week as weeks
inner join int_newest_load as newest on weeks.school_key = newest.school_key
where
    weeks.week_start <= register_day()
    and (weeks.week_start + 4 <= as_at() or as_at() >= newest.data_until)
