-- One row a group and academic year: the children who belong to the group on the day
-- asked for, with the sessions of that year pooled (sum of absent over sum of possible,
-- never a mean of children's rates).  cohort 'all' is every child of cohort_member;
-- 'looked after 12 months' is without those looked after for less, or since nobody knows.
-- A child who is looked after is not counted again under 'has a social worker'.
-- on_day_absent_sessions of on_day_possible_sessions: of whoever belonged to the group on
-- the day of the session, the sum of cohort_week_attendance; null of the national group.
-- children counts those with a mark that year; too_early_children have too few school
-- weeks for a rate and are left out of persistent_children.
-- Key: school_key, cohort, academic_year.
-- Null: absence_rate, on_day_possible_sessions, on_day_absent_sessions.
-- Category: attendance.
-- Short: How many sessions a group missed in a school year, of those possible.
-- Short: The group is whoever is in it today, so last year is of the same children.
-- Short: The sums on the day are of whoever was in it on each day, as weeks and reports.
with on_days as (
    select
        school_key,
        cohort,
        academic_year,
        sum(possible_sessions)::integer as possible_sessions,
        sum(absent_sessions)::integer as absent_sessions
    from cohort_week_attendance
    group by school_key, cohort, academic_year
)

select
    members.school_key,
    members.cohort,
    years.academic_year,
    count(*)::integer as children,
    count(*) filter (where years.is_too_early)::integer as too_early_children,
    count(*) filter (
        where years.is_persistent_absentee and not years.is_too_early
    )::integer as persistent_children,
    unnest(pool_sessions(years)), -- noqa: AL03, RF02
    sum(years.absent_sessions)
    / nullif(sum(years.possible_sessions), 0) as absence_rate,
    case
        when members.cohort <> 'looked after 12 months'
            then coalesce(max(on_days.possible_sessions), 0)
    end as on_day_possible_sessions,
    case
        when members.cohort <> 'looked after 12 months'
            then coalesce(max(on_days.absent_sessions), 0)
    end as on_day_absent_sessions
from int_cohort_membership as members
inner join int_pupil_year as years on members.pupil_key = years.pupil_key
left join on_days
    on
        members.school_key = on_days.school_key
        and members.cohort = on_days.cohort
        and years.academic_year = on_days.academic_year
group by members.school_key, members.cohort, years.academic_year
