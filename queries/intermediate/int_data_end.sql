-- The last session for which a school's register has any mark but a planned closure,
-- which may be entered ahead.  Later sessions are not yet there, which is not the same
-- as not recorded.
-- Key: school_key.
select
    marks.school_key,
    max(marks.session_date) as session_date,
    arg_max(marks.half, (marks.session_date, marks.half)) as half
from stg_mark as marks
left join ref_attendance_code as codes on marks.code = codes.code
where codes.kind is distinct from 'closed'
group by marks.school_key
