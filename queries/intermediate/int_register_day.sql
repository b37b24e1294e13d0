-- A school day with a register: a mark, other than of a planned closure, for most of the
-- children on roll whom the register tells of; up to the day of the newest load, so that
-- a mark entered ahead or a typo makes none.
-- Key: school_key, session_date.
-- Materialised: school_key, session_date.
with marked as (
    select
        marks.school_key,
        marks.session_date,
        count(*) as children
    from int_pupil_day as marks
    inner join int_newest_load as newest
        on
            marks.school_key = newest.school_key
            and marks.session_date <= newest.data_until
    inner join stg_calendar_day as days
        on
            marks.school_key = days.school_key
            and marks.session_date = days.calendar_date
            and days.is_school_day
    where marks.open_marks > 0
    group by marks.school_key, marks.session_date
)

select
    marked.school_key,
    marked.session_date
from marked
inner join stg_enrolment as stays
    on
        marked.school_key = stays.school_key
        and is_in_period(marked.session_date, stays.entry_date, stays.end_date)
where
    stays.pupil_key in (select marks.pupil_key from int_pupil_day as marks)
group by marked.school_key, marked.session_date, marked.children
having marked.children >= count(distinct stays.pupil_key) - marked.children
