-- The sessions that a governor report adds up. The report gives totals only, after a
-- check that protects small groups.
--
-- One row for each child and day of the report's school year with an open session, while
-- the child was looked after and on roll. A mark on a day outside the terms counts here
-- too, until the mark or the calendar is corrected.
-- Each row gives the sessions when school was open, the sessions that the child missed,
-- and those missed because of a suspension.
-- A session counts as open if any child could attend, so the number of open sessions says
-- nothing about one child. The pages count only sessions that the child could attend, so
-- they have as many missed sessions and sometimes fewer possible ones.
-- Key: pupil_key, session_date.
-- Category: report.
with years as (
    select
        school_key,
        academic_year_start(min(first_day)) as start_year
    from report_term
    group by school_key
),

year_marks as (
    select
        marks.school_key,
        marks.pupil_key,
        marks.session_date,
        marks.half,
        marks.code,
        marks.is_possible,
        marks.is_absent
    from int_mark_classified as marks
    inner join years
        on
            marks.school_key = years.school_key
            and academic_year_start(marks.session_date) = years.start_year
    where marks.session_date <= register_day()
),

open_days as (
    select
        marks.school_key,
        marks.session_date,
        bool_or(marks.half = 'AM') as is_open_am,
        bool_or(marks.half = 'PM') as is_open_pm
    from year_marks as marks
    where marks.is_possible
    group by marks.school_key, marks.session_date
),

pupil_days as (
    select
        marks.pupil_key,
        marks.session_date,
        bool_or(marks.is_absent and marks.half = 'AM') as missed_am,
        bool_or(marks.is_absent and marks.half = 'PM') as missed_pm,
        bool_or(marks.code = 'E' and marks.half = 'AM') as suspended_am,
        bool_or(marks.code = 'E' and marks.half = 'PM') as suspended_pm
    from year_marks as marks
    group by marks.pupil_key, marks.session_date
)

-- a child may be on the rolls of two schools, and a session is one whichever was open
select
    stays.pupil_key,
    pupils.school_key,
    pupils.pupil_id,
    opened.session_date,
    bool_or(opened.is_open_am)::integer + bool_or(opened.is_open_pm)::integer
        as open_sessions,
    coalesce(bool_or(opened.is_open_am and days.missed_am), false)::integer
    + coalesce(bool_or(opened.is_open_pm and days.missed_pm), false)::integer
        as absent_sessions,
    coalesce(bool_or(opened.is_open_am and days.suspended_am), false)::integer
    + coalesce(bool_or(opened.is_open_pm and days.suspended_pm), false)::integer
        as suspended_sessions
from open_days as opened
inner join int_group_stay as stays
    on
        opened.school_key = stays.school_key
        and stays.cohort = 'looked after'
        and is_in_period(opened.session_date, stays.first_day, stays.end_date)
inner join stg_pupil as pupils on stays.pupil_key = pupils.pupil_key
left join pupil_days as days
    on stays.pupil_key = days.pupil_key and opened.session_date = days.session_date
group by
    stays.pupil_key, pupils.school_key, pupils.pupil_id, opened.session_date
