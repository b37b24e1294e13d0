-- One row a group and school week up to the last day of the register: the sessions of
-- the children who belonged to the group on the day of the session, pooled, beside the
-- whole school's of the same week.  cohort 'all' is whoever belonged to any group.  A
-- child who was looked after is not counted again under 'has a social worker'.  children
-- counts those with a possible session.  Rates are absent over possible sessions, 0 to
-- 1, null when none was possible; school_absence_rate is null where the whole school's
-- week is not recorded.
-- Key: school_key, cohort, week_start.
-- Null: school_possible_sessions, school_absent_sessions, absence_rate.
-- Null: school_absence_rate.
-- Category: attendance.
-- Short: How many sessions a group missed in each week, beside the whole school.
-- Short: A child counts on the days on which the child was in the group.
with spans as ( -- noqa: ST03
    select
        pupil_key,
        'all' as label,
        counts_from,
        is_start_known,
        end_date
    from int_cohort_stretch
),

stretches as (
    select
        pupil_key,
        cohort,
        counts_from,
        end_date
    from int_cohort_stretch
    union all
    select
        pupil_key,
        label as cohort,
        counts_from,
        end_date
    from join_periods('spans')
),

-- a child's sessions of a week in a group
sums as (
    select
        days.school_key,
        days.pupil_key,
        stretches.cohort,
        week_start(days.session_date) as week_start,
        min(days.session_date) as first_date,
        sum(days.possible_sessions)::integer as possible_sessions,
        sum(days.attended_sessions)::integer as attended_sessions,
        sum(days.absent_sessions)::integer as absent_sessions
    from int_pupil_day as days
    inner join stretches
        on
            days.pupil_key = stretches.pupil_key
            and is_in_period(
                days.session_date, stretches.counts_from, stretches.end_date
            )
    where
        days.session_date <= register_day()
        and (
            stretches.cohort <> 'has a social worker'
            or not exists (
                select 1
                from int_cohort_stretch as care
                where
                    care.pupil_key = days.pupil_key
                    and care.cohort = 'looked after'
                    and is_in_period(
                        days.session_date, care.counts_from, care.end_date
                    )
            )
        )
    group by
        days.school_key, days.pupil_key, stretches.cohort, week_start(days.session_date)
),

weeks as (
    select
        school_key,
        cohort,
        week_start,
        academic_year(min(first_date)) as academic_year,
        count(*) filter (where possible_sessions > 0)::integer as children,
        sum(possible_sessions)::integer as possible_sessions,
        sum(attended_sessions)::integer as attended_sessions,
        sum(absent_sessions)::integer as absent_sessions
    from sums
    group by school_key, cohort, week_start
)

select
    weeks.school_key,
    weeks.cohort,
    weeks.week_start,
    weeks.academic_year,
    weeks.children,
    weeks.possible_sessions,
    weeks.attended_sessions,
    weeks.absent_sessions,
    school.possible_sessions as school_possible_sessions,
    school.absent_sessions as school_absent_sessions,
    weeks.absent_sessions / nullif(weeks.possible_sessions, 0) as absence_rate,
    school.absent_sessions
    / nullif(school.possible_sessions, 0) as school_absence_rate
from weeks
left join int_school_week_to_date as school
    on
        weeks.school_key = school.school_key
        and weeks.week_start = school.week_start
