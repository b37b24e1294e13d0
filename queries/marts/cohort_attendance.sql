-- How many sessions a group missed in a school year, out of those possible. The group is
-- whoever is in it on the date you chose, so earlier years are about the same children.
--
-- One row for each group and school year.
-- Sessions are added up first: all sessions missed, divided by all possible sessions. It
-- is never an average of children's rates.
-- The group 'all' is every child on these pages. 'looked after 12 months' leaves out
-- those looked after for less, or since an unknown date.
-- A child who is looked after is not counted again under 'has a social worker'.
-- `on_day_absent_sessions` and `on_day_possible_sessions` count whoever was in the group
-- on the day of each session. The weekly figures and the reports use the same rule. Both
-- are blank for the national group.
-- `children` is the number of children with a mark that year.
-- `too_early_children` is the number with too few school weeks for a rate. They are not
-- counted in `persistent_children`.
-- Key: school_key, cohort, academic_year.
-- Null: absence_rate, on_day_possible_sessions, on_day_absent_sessions.
-- Category: attendance.
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
