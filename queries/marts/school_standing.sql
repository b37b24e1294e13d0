-- How up to date each school's files are, with the main figures for its children. Each
-- child counts once in the PEP meetings, by the latest meeting that was due.
--
-- One row for each school that has sent files, for its children on these pages.
-- A PEP meeting that was due counts as owed, and also as held if it took place.
-- A first PEP counts as owed if its deadline ({PEP_COMPLETE} after care began) is in this
-- school year, and has passed or the meeting was held.
-- Steps that others are late with are counted as waiting, and not as overdue. A step is
-- late from its deadline until it is done, even if it is booked for later. Several late
-- steps of one kind count once for a child, as on the other pages.
-- Sessions are for this school year, and include those at other schools.
-- Persistent and severe absence leave out children for whom it is too early to say.
-- Suspensions and permanent exclusions are those of this school year, with the days and
-- sessions lost. They are of the children who go to the school now.
-- Education was due for a suspension or exclusion that went on for more than
-- {SUSPENSION_AP}, and was in time if it began on the next school day.
-- Key: school_key.
-- Null: days_behind.
-- Category: care.
with members as (
    select
        members.school_key,
        count(*)::integer as children,
        sum(years.absent_sessions)::integer as absent_sessions,
        sum(years.unauthorised_absent_sessions)::integer as unauthorised_sessions,
        sum(years.possible_sessions)::integer as possible_sessions,
        count(*) filter (
            where years.is_persistent_absentee and not years.is_too_early
        )::integer as persistent,
        count(*) filter (
            where years.is_severe_absentee and not years.is_too_early
        )::integer as severe
    from cohort_member as members
    left join pupil_attendance as years
        on
            members.pupil_key = years.pupil_key
            and years.academic_year = academic_year(register_day())
    group by members.school_key
),

suspended as (
    select
        members.school_key,
        count(*) filter (where suspensions.category <> 'Permanent exclusion')::integer
            as suspensions,
        count(*) filter (where suspensions.category = 'Permanent exclusion')::integer
            as exclusions,
        count(distinct suspensions.pupil_key)::integer as suspended_children,
        sum(suspensions.sessions)::integer as suspended_sessions,
        sum(suspensions.days)::integer as suspended_days,
        count(*) filter (
            where suspensions.education_due is not null
            and suspensions.education_status not in ('later', 'due soon')
        )::integer as education_owed,
        count(*) filter (
            where suspensions.education_from <= suspensions.education_due
        )::integer as education_in_time
    from pupil_suspension as suspensions
    inner join cohort_member as members on suspensions.pupil_key = members.pupil_key
    where suspensions.academic_year = academic_year(register_day())
    group by members.school_key
),

meetings as (
    select
        school_key,
        pupil_key,
        arg_max(done_date is not null, started_on) as is_held
    from duty
    where rule in ('PEP_COMPLETE', 'PEP_JOINED', 'PEP_REVIEW')
    group by school_key, pupil_key
),

held as (
    select
        school_key,
        count(*)::integer as meetings_owed,
        count(*) filter (where is_held)::integer as meetings_held
    from meetings
    group by school_key
),

firsts as (
    select
        school_key,
        count(*)::integer as first_owed,
        count(*) filter (where done_date <= due_date)::integer as first_in_time
    from duty
    where
        rule = 'PEP_COMPLETE'
        and academic_year(due_date) = academic_year(as_at())
        and (due_date < as_at() or done_date is not null)
    group by school_key
),

late_steps as (
    select distinct
        school_key,
        pupil_key,
        rule,
        status,
        starts_with(holder, 'school') as is_of_school
    from duty
    where is_overdue(status, due_date, as_at())
),

late as (
    select
        school_key,
        count(*) filter (where is_of_school)::integer as overdue,
        count(*) filter (where not is_of_school)::integer as waiting
    from late_steps
    group by school_key
)

select
    loads.school_key,
    loads.school_name,
    loads.loaded_at,
    loads.data_until,
    loads.days_behind,
    loads.is_behind,
    coalesce(members.children, 0) as children,
    coalesce(held.meetings_owed, 0) as meetings_owed,
    coalesce(held.meetings_held, 0) as meetings_held,
    coalesce(firsts.first_owed, 0) as first_owed,
    coalesce(firsts.first_in_time, 0) as first_in_time,
    coalesce(late.overdue, 0) as overdue,
    coalesce(late.waiting, 0) as waiting,
    coalesce(members.absent_sessions, 0) as absent_sessions,
    coalesce(members.unauthorised_sessions, 0) as unauthorised_sessions,
    coalesce(members.possible_sessions, 0) as possible_sessions,
    coalesce(members.persistent, 0) as persistent,
    coalesce(members.severe, 0) as severe,
    coalesce(suspended.suspensions, 0) as suspensions,
    coalesce(suspended.exclusions, 0) as exclusions,
    coalesce(suspended.suspended_children, 0) as suspended_children,
    coalesce(suspended.suspended_sessions, 0) as suspended_sessions,
    coalesce(suspended.suspended_days, 0) as suspended_days,
    coalesce(suspended.education_owed, 0) as education_owed,
    coalesce(suspended.education_in_time, 0) as education_in_time
from school_load as loads
left join members on loads.school_key = members.school_key
left join held on loads.school_key = held.school_key
left join firsts on loads.school_key = firsts.school_key
left join late on loads.school_key = late.school_key
left join suspended on loads.school_key = suspended.school_key
