-- One row a group and academic year: the children who belong to the group on the day
-- asked for, with the sessions of that year pooled (sum of absent over sum of possible,
-- never a mean of children's rates).  cohort 'all' is every child of cohort_member;
-- 'looked after 12 months' is without those looked after for less, or since nobody knows.
-- A child who is looked after is not counted again under 'has a social worker'.
-- children counts those with a mark that year; too_early_children have too few school
-- weeks for a rate and are left out of persistent_children.
-- Key: school_key, cohort, academic_year.
-- Null: absence_rate.
-- Category: attendance.
-- Short: How many sessions a group missed in a school year, of those possible.
-- Short: The group is whoever is in it today, so last year is of the same children.
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
    / nullif(sum(years.possible_sessions), 0) as absence_rate
from int_cohort_membership as members
inner join int_pupil_year as years on members.pupil_key = years.pupil_key
group by members.school_key, members.cohort, years.academic_year
