-- One row a group, academic year and reason: sessions missed by the children who belong
-- to the group on the day asked for.  The sessions of a group add up to the
-- absent_sessions of cohort_attendance.  A code is called as on the last day.
-- Key: school_key, cohort, academic_year, code.
-- Category: attendance.
-- Short: Why a group missed school in a year: the sessions missed for each reason.
-- Short: The group is whoever is in it today.
select
    members.school_key,
    members.cohort,
    academic_year(marks.session_date) as academic_year,
    marks.code::varchar as code,
    max_by(marks.label, marks.session_date) as reason,
    marks.is_authorised,
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
