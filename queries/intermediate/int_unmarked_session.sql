-- A session for which a child on roll should have a mark, and has none: each half of
-- every day of the register in the child's stay. The sessions end with the last one, by
-- the end of the data, in which any child on roll has a mark other than of a planned
-- closure. A day without a register is no gap of a child.
-- Key: school_key, pupil_key, session_date, half.
-- Materialised: pupil_key, session_date, half.
with last_days as (
    -- later sessions are still to come; a mark may be entered ahead, as closures are
    select
        marks.school_key,
        max(marks.session_date) as session_date
    from int_pupil_day as marks
    inner join int_newest_load as newest
        on
            marks.school_key = newest.school_key
            and marks.session_date <= newest.data_until
    where marks.open_marks > 0
    group by marks.school_key
),

data_ends as (
    select
        marks.school_key,
        marks.session_date as last_date,
        max(marks.half) as last_half
    from int_mark_classified as marks
    inner join last_days
        on
            marks.school_key = last_days.school_key
            and marks.session_date = last_days.session_date
    where marks.kind is distinct from 'closed'
    group by marks.school_key, marks.session_date
),

halves as (
    select unnest(['AM', 'PM']::mark_half[]) as half
),

days as (
    select
        kept.school_key,
        stays.pupil_key,
        kept.session_date
    from int_register_day as kept
    inner join stg_enrolment as stays
        on
            kept.school_key = stays.school_key
            and is_in_period(kept.session_date, stays.entry_date, stays.end_date)
),

sessions as (
    select
        days.school_key,
        days.pupil_key,
        days.session_date,
        halves.half
    from days
    left join int_pupil_day as marked
        on
            days.school_key = marked.school_key
            and days.pupil_key = marked.pupil_key
            and days.session_date = marked.session_date
    cross join halves
    where coalesce(marked.marks, 0) <= 1
)

-- with distinct, since stays may overlap
select distinct
    sessions.school_key,
    sessions.pupil_key,
    sessions.session_date,
    sessions.half
from sessions
inner join data_ends on sessions.school_key = data_ends.school_key
where
    -- part by part: an engine loses the last day where two rows are compared
    (
        sessions.session_date < data_ends.last_date
        or (
            sessions.session_date = data_ends.last_date
            and sessions.half <= data_ends.last_half
        )
    )
    and not exists (
        select 1
        from int_mark_classified as marks
        where
            marks.school_key = sessions.school_key
            and marks.pupil_key = sessions.pupil_key
            and marks.session_date = sessions.session_date
            and marks.half = sessions.half
    )
