-- How many sessions a group missed in each week, compared with the whole school. A child
-- counts only on the days when they were in the group.
--
-- One row for each group and school week, up to the last full day of the register. Where
-- there are several schools, the row adds up all of them.
-- The group 'all' is every child who was in any of the groups.
-- A child who is looked after is not counted again under 'has a social worker'.
-- Only children with a possible session in the week are counted.
-- The whole school's rate is what the group would have missed at the rate of all children
-- at each child's school. It is blank if any of these schools has not recorded the week.
-- Key: cohort, week_start.
-- Null: absence_rate, school_absence_rate.
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

-- a child's groups are the same within a span
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

-- the groups of a span, each once, and 'all' once
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

members as (
    select
        grouped.cohort,
        sums.school_key,
        sums.pupil_key,
        sums.week_start,
        sums.first_date,
        sums.possible_sessions,
        sums.attended_sessions,
        sums.absent_sessions
    from sums
    inner join grouped
        on
            sums.pupil_key = grouped.pupil_key
            and sums.first_day = grouped.first_day
),

-- the sessions that the group's children at a school would have missed at its own rate
schools as (
    select
        members.cohort,
        members.week_start,
        sum(members.possible_sessions) * max(school.absent_sessions)
        / nullif(max(school.possible_sessions), 0) as absent_sessions
    from members
    left join school_week_attendance as school
        on
            members.school_key = school.school_key
            and members.week_start = school.week_start
    where members.possible_sessions > 0
    group by members.school_key, members.cohort, members.week_start
),

beside as (
    select
        cohort,
        week_start,
        case
            when count(*) = count(absent_sessions) then sum(absent_sessions)
        end as absent_sessions
    from schools
    group by cohort, week_start
)

select
    members.cohort,
    members.week_start,
    academic_year(min(members.first_date)) as academic_year,
    count(distinct members.pupil_key) filter (
        where members.possible_sessions > 0
    )::integer as children,
    sum(members.possible_sessions)::integer as possible_sessions,
    sum(members.attended_sessions)::integer as attended_sessions,
    sum(members.absent_sessions)::integer as absent_sessions,
    sum(members.absent_sessions)
    / nullif(sum(members.possible_sessions), 0) as absence_rate,
    max(beside.absent_sessions)
    / nullif(sum(members.possible_sessions), 0) as school_absence_rate
from members
left join beside
    on
        members.cohort = beside.cohort
        and members.week_start = beside.week_start
group by members.cohort, members.week_start
