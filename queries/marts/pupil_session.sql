-- One row a child and session up to the last full day of the register: what the mark
-- means, or kind 'not recorded' where a day of the register in the child's stay
-- has no mark.
-- code and label are null where nothing is recorded; kind is null for a code that no
-- list knows on that date.
-- Key: school_key, pupil_key, session_date, half.
-- Null: code, label, kind.
-- Category: attendance.
-- Short: What the register says of a child in each session: half a school day.
-- Short: A school day of the child without a mark is there too, as not recorded.
with sessions as (
    select
        coalesce(marks.school_key, expected.school_key) as school_key,
        coalesce(marks.pupil_key, expected.pupil_key) as pupil_key,
        coalesce(marks.session_date, expected.session_date) as session_date,
        coalesce(marks.half, expected.half) as half,
        marks.code,
        marks.label,
        case
            when marks.pupil_key is null then 'not recorded'::mark_kind
            else marks.kind
        end as kind,
        coalesce(marks.is_possible, false) as is_possible,
        coalesce(marks.is_absent, false) as is_absent
    from int_mark_classified as marks
    full join int_expected_session as expected
        on
            marks.school_key = expected.school_key
            and marks.pupil_key = expected.pupil_key
            and marks.session_date = expected.session_date
            and marks.half = expected.half
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
order by sessions.pupil_key, sessions.session_date, sessions.half
