-- How many sessions a group missed in a school year, out of those possible. Earlier years
-- are about the same children: those who are in the group on the date you chose.
--
-- A group's absence rate is all its missed sessions, divided by all its possible
-- sessions. A group's rate is never an average of children's rates.
-- The group 'looked after 12 months' leaves out children looked after for a shorter time,
-- or since an unknown date.
-- A child who is looked after is not counted again under 'has a social worker'.
-- Where there are several schools, a row adds up all of them.
-- Sessions are also counted for the children who were in the group on the day of each
-- session, as in the weekly figures. A report to governors has the same missed sessions,
-- out of all sessions when school was open, so that it says nothing about one child.
-- Only children with a mark in the school year are counted.
-- Children with too few school weeks for a rate are counted separately, and never as
-- persistently absent.
-- Key: cohort, academic_year.
-- Null: absence_rate, on_day_possible_sessions, on_day_absent_sessions.
-- Category: attendance.
with memberships as (
    select
        pupil_key,
        unnest([
            'all',
            case when is_looked_after then 'looked after' end,
            case when is_looked_after_12_months then 'looked after 12 months' end,
            case when is_previously_looked_after then 'previously looked after' end,
            case
                when has_social_worker and not is_looked_after then 'has a social worker'
            end
        ]) as cohort
    from int_member
),

on_days as (
    select
        cohort,
        academic_year,
        sum(possible_sessions)::integer as possible_sessions,
        sum(absent_sessions)::integer as absent_sessions
    from cohort_week_attendance
    group by cohort, academic_year
)

select
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
from memberships as members
inner join int_pupil_year as years on members.pupil_key = years.pupil_key
left join on_days
    on
        members.cohort = on_days.cohort
        and years.academic_year = on_days.academic_year
where members.cohort is not null
group by members.cohort, years.academic_year
