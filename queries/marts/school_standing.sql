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
with late_steps as (
    select distinct
        school_key,
        pupil_key,
        rule,
        status,
        starts_with(holder, 'school') as is_of_school
    from duty
    where is_overdue(status, due_date, as_at())
),

told as (
    select
        members.school_key,
        1 as children,
        years.absent_sessions,
        years.unauthorised_absent_sessions as unauthorised_sessions,
        years.possible_sessions,
        (years.is_persistent_absentee and not years.is_too_early)::integer as persistent,
        (years.is_severe_absentee and not years.is_too_early)::integer as severe
    from cohort_member as members
    left join pupil_attendance as years
        on
            members.pupil_key = years.pupil_key
            and years.academic_year = academic_year(register_day())
    union all by name
    select
        members.school_key,
        suspensions.pupil_key as suspended_key,
        (suspensions.category <> 'Permanent exclusion')::integer as suspensions,
        (suspensions.category = 'Permanent exclusion')::integer as exclusions,
        suspensions.sessions as suspended_sessions,
        suspensions.days as suspended_days,
        (
            suspensions.education_due is not null
            and suspensions.education_status not in ('later', 'due soon')
        )::integer as education_owed,
        (suspensions.education_from <= suspensions.education_due)::integer
            as education_in_time
    from pupil_suspension as suspensions
    inner join cohort_member as members on suspensions.pupil_key = members.pupil_key
    where suspensions.academic_year = academic_year(register_day())
    union all by name
    select
        school_key,
        1 as meetings_owed,
        arg_max(done_date is not null, started_on)::integer as meetings_held
    from duty
    where rule in ('PEP_COMPLETE', 'PEP_JOINED', 'PEP_REVIEW')
    group by school_key, pupil_key
    union all by name
    select
        school_key,
        1 as first_owed,
        (done_date <= due_date)::integer as first_in_time
    from duty
    where
        rule = 'PEP_COMPLETE'
        and academic_year(due_date) = academic_year(as_at())
        and (due_date < as_at() or done_date is not null)
    union all by name
    select
        school_key,
        is_of_school::integer as overdue,
        (not is_of_school)::integer as waiting
    from late_steps
)

select
    loads.school_key,
    loads.school_name,
    loads.loaded_at,
    loads.data_until,
    loads.days_behind,
    loads.is_behind,
    coalesce(sum(told.children), 0)::integer as children,
    coalesce(sum(told.meetings_owed), 0)::integer as meetings_owed,
    coalesce(sum(told.meetings_held), 0)::integer as meetings_held,
    coalesce(sum(told.first_owed), 0)::integer as first_owed,
    coalesce(sum(told.first_in_time), 0)::integer as first_in_time,
    coalesce(sum(told.overdue), 0)::integer as overdue,
    coalesce(sum(told.waiting), 0)::integer as waiting,
    coalesce(sum(told.absent_sessions), 0)::integer as absent_sessions,
    coalesce(sum(told.unauthorised_sessions), 0)::integer as unauthorised_sessions,
    coalesce(sum(told.possible_sessions), 0)::integer as possible_sessions,
    coalesce(sum(told.persistent), 0)::integer as persistent,
    coalesce(sum(told.severe), 0)::integer as severe,
    coalesce(sum(told.suspensions), 0)::integer as suspensions,
    coalesce(sum(told.exclusions), 0)::integer as exclusions,
    count(distinct told.suspended_key)::integer as suspended_children,
    coalesce(sum(told.suspended_sessions), 0)::integer as suspended_sessions,
    coalesce(sum(told.suspended_days), 0)::integer as suspended_days,
    coalesce(sum(told.education_owed), 0)::integer as education_owed,
    coalesce(sum(told.education_in_time), 0)::integer as education_in_time
from school_load as loads
left join told on loads.school_key = told.school_key
group by
    loads.school_key,
    loads.school_name,
    loads.loaded_at,
    loads.data_until,
    loads.days_behind,
    loads.is_behind
