-- Why a child missed school in a year: the sessions missed for each reason. The figures
-- of a group add these up for the children who are in it on the date you chose.
--
-- One row for each child, school year and reason, up to the last full day of the
-- register.
-- The reasons add up to all the sessions that the child missed in the year.
-- If the name of an attendance code has changed, the later name is used.
-- Key: pupil_key, academic_year, code.
-- Category: attendance.
select
    marks.pupil_key,
    pupils.school_key,
    pupils.pupil_id,
    pupils.handle,
    academic_year(marks.session_date) as academic_year,
    marks.code::varchar as code,
    arg_max(codes.label, marks.session_date) as reason,
    marks.is_authorised,
    max(marks.session_date) as last_date,
    count(*)::integer as absent_sessions
from int_mark_classified as marks
inner join ref_attendance_code as codes
    on
        marks.code = codes.code
        and is_in_period(marks.session_date, codes.valid_from, codes.valid_to)
inner join stg_pupil as pupils on marks.pupil_key = pupils.pupil_key
where marks.is_absent and marks.session_date <= register_day()
group by
    marks.pupil_key,
    pupils.school_key,
    pupils.pupil_id,
    pupils.handle,
    academic_year(marks.session_date),
    marks.code,
    marks.is_authorised
