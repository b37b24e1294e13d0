-- The main figures of each child, for the school that the child goes to now. A child
-- counts once in the PEP meetings, by the latest meeting that was due.
--
-- One row for each child on these pages. The figures of a school, or of any group of
-- children, are the sums of these rows.
-- A PEP meeting that was due counts as owed, and also as held if it took place.
-- A first PEP counts as owed if its deadline ({PEP_COMPLETE} after care began) is in this
-- school year, and has passed or the meeting was held.
-- Steps that others are late with are counted as waiting, and not as overdue. A step is
-- late from its deadline until it is done, even if it is booked for later. Several late
-- steps of one kind count once for a child, as on the other pages.
-- Sessions are for this school year, and include those at other schools.
-- Persistent and severe absence leave out children for whom it is too early to say: they
-- are of the children judged.
-- Suspensions and permanent exclusions are those of this school year, with the days and
-- sessions lost up to the last full day of the register, at other schools too.
-- Education was due for a suspension or exclusion that went on for more than
-- {SUSPENSION_AP}, and was in time if it began on the next school day.
-- Key: pupil_key.
-- Category: care.
with figures as (
    select
        pupil_key,
        absent_sessions,
        unauthorised_absent_sessions as unauthorised_sessions,
        possible_sessions,
        (not is_too_early)::integer as judged,
        (is_persistent_absentee and not is_too_early)::integer as persistent,
        (is_severe_absentee and not is_too_early)::integer as severe
    from pupil_attendance
    where academic_year = academic_year(register_day())
    union all by name
    select
        pupil_key,
        (category <> 'Permanent exclusion')::integer as suspensions,
        (category = 'Permanent exclusion')::integer as exclusions,
        lost_sessions as suspended_sessions,
        lost_days as suspended_days,
        (
            education_due is not null and education_status not in ('later', 'due soon')
        )::integer as education_owed,
        (education_from <= education_due)::integer as education_in_time
    from pupil_suspension
    where academic_year = academic_year(register_day())
    union all by name
    select
        pupil_key,
        1 as meetings_owed,
        arg_max(done_date is not null, started_on)::integer as meetings_held
    from duty
    where rule in ('PEP_COMPLETE', 'PEP_JOINED', 'PEP_REVIEW')
    group by pupil_key
    union all by name
    select
        pupil_key,
        1 as first_owed,
        (done_date <= due_date)::integer as first_in_time
    from duty
    where
        rule = 'PEP_COMPLETE'
        and academic_year(due_date) = academic_year(as_at())
        and (due_date < as_at() or done_date is not null)
    union all by name
    select
        pupil_key,
        school + school_and_social_worker as overdue,
        social_worker + authority + health as waiting
    from overdue_count
)

select
    members.school_key,
    members.pupil_key,
    members.pupil_id,
    1 as children,
    coalesce(sum(figures.meetings_owed), 0)::integer as meetings_owed,
    coalesce(sum(figures.meetings_held), 0)::integer as meetings_held,
    coalesce(sum(figures.first_owed), 0)::integer as first_owed,
    coalesce(sum(figures.first_in_time), 0)::integer as first_in_time,
    coalesce(sum(figures.overdue), 0)::integer as overdue,
    coalesce(sum(figures.waiting), 0)::integer as waiting,
    coalesce(sum(figures.absent_sessions), 0)::integer as absent_sessions,
    coalesce(sum(figures.unauthorised_sessions), 0)::integer as unauthorised_sessions,
    coalesce(sum(figures.possible_sessions), 0)::integer as possible_sessions,
    coalesce(sum(figures.judged), 0)::integer as judged,
    coalesce(sum(figures.persistent), 0)::integer as persistent,
    coalesce(sum(figures.severe), 0)::integer as severe,
    coalesce(sum(figures.suspensions), 0)::integer as suspensions,
    coalesce(sum(figures.exclusions), 0)::integer as exclusions,
    (count(figures.suspended_days) > 0)::integer as suspended_children,
    coalesce(sum(figures.suspended_sessions), 0)::integer as suspended_sessions,
    coalesce(sum(figures.suspended_days), 0)::integer as suspended_days,
    coalesce(sum(figures.education_owed), 0)::integer as education_owed,
    coalesce(sum(figures.education_in_time), 0)::integer as education_in_time
from cohort_member as members
left join figures on members.pupil_key = figures.pupil_key
group by members.school_key, members.pupil_key, members.pupil_id
