-- A mark made while the child was on roll, with the meaning of its code on that date. A
-- code that no list has on that date counts as nothing.
-- Key: school_key, pupil_key, session_date, half.
-- Materialised: while a version is written.
select
    marks.school_key,
    marks.pupil_key,
    marks.session_date,
    marks.half,
    marks.code,
    codes.kind,
    coalesce(codes.is_possible, false) as is_possible,
    coalesce(codes.is_attended, false) as is_attended,
    coalesce(codes.is_absent, false) as is_absent,
    coalesce(codes.is_authorised, false) as is_authorised,
    coalesce(codes.is_late, false) as is_late
from stg_mark as marks
left join ref_attendance_code as codes
    on
        marks.code = codes.code
        and is_in_period(marks.session_date, codes.valid_from, codes.valid_to)
where exists (
    select 1
    from stg_enrolment as stays
    where
        stays.school_key = marks.school_key
        and stays.pupil_key = marks.pupil_key
        and is_in_period(marks.session_date, stays.entry_date, stays.end_date)
)
