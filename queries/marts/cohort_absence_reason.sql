-- One row a group, academic year and reason: sessions missed by the children who belong
-- to the group on the day asked for.  The sessions of a group add up to the
-- absent_sessions of cohort_attendance.
-- Key: school_key, cohort, academic_year, code.
-- Category: attendance.
with missed as (
    select
        school_key,
        pupil_key,
        academic_year(session_date) as academic_year,
        code,
        label,
        is_authorised,
        count(*) as absent_sessions
    from int_mark_classified
    where is_absent and session_date <= as_at()
    group by
        school_key,
        pupil_key,
        academic_year(session_date),
        code,
        label,
        is_authorised
)

select
    members.school_key,
    members.cohort,
    missed.academic_year,
    missed.code::varchar as code,
    missed.label as reason,
    missed.is_authorised,
    count(*)::integer as children,
    sum(missed.absent_sessions)::integer as absent_sessions
from int_cohort_membership as members
inner join missed
    on
        members.school_key = missed.school_key
        and members.pupil_key = missed.pupil_key
group by
    members.school_key,
    members.cohort,
    missed.academic_year,
    missed.code,
    missed.label,
    missed.is_authorised
