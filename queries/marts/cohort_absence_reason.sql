-- Why the children in a group missed school in a year: the sessions missed for each
-- reason. The group is made up of the children who are in it on the date you chose.
--
-- The reasons add up to all the sessions that the group missed in the year.
-- If the name of an attendance code has changed, the later name is used.
-- Key: school_key, cohort, academic_year, code.
-- Category: attendance.
with missed as (
    select
        members.school_key,
        members.cohort,
        academic_year(marks.session_date) as academic_year,
        marks.code,
        marks.is_authorised,
        max(marks.session_date) as last_date,
        count(distinct marks.pupil_key)::integer as children,
        count(*)::integer as absent_sessions
    from int_cohort_membership as members
    inner join int_mark_classified as marks on members.pupil_key = marks.pupil_key
    where marks.is_absent and marks.session_date <= register_day()
    group by
        members.school_key,
        members.cohort,
        academic_year(marks.session_date),
        marks.code,
        marks.is_authorised
)

select
    missed.school_key,
    missed.cohort,
    missed.academic_year,
    missed.code::varchar as code,
    codes.label as reason,
    missed.is_authorised,
    missed.children,
    missed.absent_sessions
from missed
inner join ref_attendance_code as codes
    on
        missed.code = codes.code
        and is_in_period(missed.last_date, codes.valid_from, codes.valid_to)
