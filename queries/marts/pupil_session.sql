-- What the register says about a child in each session (half a school day). A session
-- without a mark is shown as not recorded.
--
-- One row for each child and session, up to the last full day of the register.
-- Key: school_key, pupil_key, session_date, half.
-- Null: code, label, kind.
-- Category: attendance.
-- Materialised: never.
with sessions as (
    select
        marks.school_key,
        marks.pupil_key,
        marks.session_date,
        marks.half,
        marks.code,
        codes.label,
        marks.kind,
        marks.is_possible,
        marks.is_absent
    from int_mark_classified as marks
    left join ref_attendance_code as codes
        on
            marks.code = codes.code
            and is_in_period(marks.session_date, codes.valid_from, codes.valid_to)
    union all by name
    select
        school_key,
        pupil_key,
        session_date,
        half,
        'not recorded'::mark_kind as kind,
        false as is_possible,
        false as is_absent
    from int_unmarked_session
)

select
    sessions.pupil_key,
    sessions.school_key,
    pupils.pupil_id,
    pupils.handle,
    sessions.session_date,
    sessions.half,
    academic_year(sessions.session_date) as academic_year,
    sessions.code::varchar as code,
    sessions.label,
    sessions.kind,
    sessions.is_possible,
    sessions.is_absent
from sessions
inner join stg_pupil as pupils on sessions.pupil_key = pupils.pupil_key
where sessions.session_date <= register_day()
