-- One row a child and week in which the register has a mark by the day up to which the
-- data go: what is entered ahead is none yet.  Sessions are half days;
-- absence_rate is absent over possible sessions, 0 to 1, null when none was possible.
-- Not cut at the day asked for: a week is whole, and belongs to the academic year of its
-- first mark.
-- Key: pupil_key, week_start.
-- Null: absence_rate.
-- Category: attendance.
-- Short: How many sessions a child missed in each week, of those possible.
-- Short: A week is always whole, whatever day is asked for.
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
