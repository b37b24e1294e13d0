-- The whole school's weeks that lie wholly before or on the day asked for, and the
-- newest week of all when that day is the end of the data.
-- Key: school_key, week_start.
select
    school_key,
    week_start,
    academic_year(week_start + 4) as academic_year,
    possible_sessions,
    absent_sessions
from stg_school_week
where
    week_start + 4 <= as_at()
    or (
        week_start <= as_at()
        and as_at() >= (select max(data_until) from stg_load)
    )
