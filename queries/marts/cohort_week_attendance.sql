-- How many sessions a group missed in each week, compared with the whole school. A child
-- counts only on the days when they were in the group.
--
-- One row for each group and school week, up to the last full day of the register.
-- The group 'all' is every child who was in any of the groups.
-- A child who is looked after is not counted again under 'has a social worker'.
-- Only children with a possible session in the week are counted.
-- The whole school's rate is blank for a week that is not recorded.
-- Key: school_key, cohort, week_start.
-- Null: school_possible_sessions, school_absent_sessions, absence_rate.
-- Null: school_absence_rate.
-- Category: attendance.
with bounds as (
    select
        pupil_key,
        counts_from as first_day
    from int_cohort_stretch
    union
    select
        pupil_key,
        end_date as first_day
    from int_cohort_stretch
    where end_date is not null
),

-- in each of a child's spans its groups are the same
spans as (
    select
        pupil_key,
        first_day,
        lead(first_day) over (partition by pupil_key order by first_day) as end_date
    from bounds
),

memberships as (
    select
        spans.pupil_key,
        spans.first_day,
        stretches.cohort,
        bool_or(stretches.cohort = 'looked after') over (
            partition by spans.pupil_key, spans.first_day
        ) as is_looked_after
    from spans
    inner join int_cohort_stretch as stretches
        on
            spans.pupil_key = stretches.pupil_key
            and is_in_period(
                spans.first_day, stretches.counts_from, stretches.end_date
            )
),

-- a span's groups, each once, and 'all' once
grouped as (
    select distinct
        pupil_key,
        first_day,
        unnest([cohort, 'all']) as cohort
    from memberships
    where cohort <> 'has a social worker' or not is_looked_after
),

sums as (
    select
        days.school_key,
        days.pupil_key,
        spans.first_day,
        week_start(days.session_date) as week_start,
        min(days.session_date) as first_date,
        sum(days.possible_sessions)::integer as possible_sessions,
        sum(days.attended_sessions)::integer as attended_sessions,
        sum(days.absent_sessions)::integer as absent_sessions
    from int_pupil_day as days
    inner join spans
        on
            days.pupil_key = spans.pupil_key
            and is_in_period(days.session_date, spans.first_day, spans.end_date)
    where days.session_date <= register_day()
    group by
        days.school_key,
        days.pupil_key,
        spans.first_day,
        week_start(days.session_date)
),

weeks as (
    select
        sums.school_key,
        grouped.cohort,
        sums.week_start,
        academic_year(min(sums.first_date)) as academic_year,
        count(distinct sums.pupil_key) filter (
            where sums.possible_sessions > 0
        )::integer as children,
        sum(sums.possible_sessions)::integer as possible_sessions,
        sum(sums.attended_sessions)::integer as attended_sessions,
        sum(sums.absent_sessions)::integer as absent_sessions
    from sums
    inner join grouped
        on
            sums.pupil_key = grouped.pupil_key
            and sums.first_day = grouped.first_day
    group by sums.school_key, grouped.cohort, sums.week_start
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
