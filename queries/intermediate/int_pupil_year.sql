-- A child's sessions in an academic year up to the last day of the register, with the
-- columns of pupil_attendance.
-- Key: pupil_key, academic_year.
with weeks as (
    select
        pupil_key,
        academic_year_start(session_date) as year_start,
        min(session_date) as first_date,
        unnest(pool_sessions(int_pupil_day)) -- noqa: AL03, RF02
    from int_pupil_day
    where session_date <= register_day()
    group by pupil_key, academic_year_start(session_date), week_start(session_date)
)

select
    weeks.pupil_key,
    academic_year(min(weeks.first_date)) as academic_year,
    unnest(pool_sessions(weeks)), -- noqa: AL03, RF02
    count(*) filter (where weeks.possible_sessions > 0)::integer as school_weeks,
    sum(weeks.absent_sessions)
    / nullif(sum(weeks.possible_sessions), 0) as absence_rate,
    sum(weeks.absent_sessions)
    >= nullif(sum(weeks.possible_sessions), 0)
    * threshold('persistent_absence', as_at()) as is_persistent_absentee,
    sum(weeks.absent_sessions)
    >= nullif(sum(weeks.possible_sessions), 0)
    * threshold('severe_absence', as_at()) as is_severe_absentee,
    school_weeks < threshold('weeks_before_rates', as_at()) as is_too_early
from weeks
group by weeks.pupil_key, weeks.year_start
