-- How many sessions a child missed in each week, out of those possible. Weeks are always
-- whole, whatever date you chose.
--
-- One row for each child and week with a mark in the register. Marks entered ahead, after
-- the last day of the data, are left out. A session is half a school day.
-- A week belongs to the school year in which its first mark was made.
-- Key: pupil_key, week_start.
-- Null: absence_rate.
-- Category: attendance.
-- Materialised: week_start, pupil_key.
select
    days.pupil_key,
    pupils.school_key,
    week_start(days.session_date) as week_start,
    academic_year(min(days.session_date)) as academic_year,
    unnest(pool_sessions(days)), -- noqa: AL03, RF02
    sum(days.absent_sessions) / nullif(sum(days.possible_sessions), 0) as absence_rate
from int_pupil_day as days
inner join stg_pupil as pupils on days.pupil_key = pupils.pupil_key
inner join int_newest_load as newest
    on
        days.school_key = newest.school_key
        and days.session_date <= newest.data_until
group by days.pupil_key, pupils.school_key, week_start(days.session_date)
