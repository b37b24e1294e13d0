-- A session for which a child on roll should have a mark: each half of every day
-- of the register in the child's stay, up to the last session that has a mark by the day
-- up to which the data go.  A day without a register is no gap of a child.
-- Key: school_key, pupil_key, session_date, half.
with data_ends as (
    -- later sessions are not yet there; a mark may be entered ahead, as closures are
    select
        marks.school_key,
        max((marks.session_date, marks.half)) as last_session
    from stg_mark as marks
    inner join int_newest_load as newest
        on
            marks.school_key = newest.school_key
            and marks.session_date <= newest.data_until
    left join ref_attendance_code as codes on marks.code = codes.code
    where codes.kind is distinct from 'closed'
    group by marks.school_key
),

halves as (
    select unnest(enum_range(null::mark_half)) as half
),

-- distinct, since stays may overlap
days as (
    select distinct
        kept.school_key,
        stays.pupil_key,
        kept.session_date
    from int_register_day as kept
    inner join stg_enrolment as stays
        on
            kept.school_key = stays.school_key
            and is_in_period(kept.session_date, stays.entry_date, stays.end_date)
)

select
    days.school_key,
    days.pupil_key,
    days.session_date,
    halves.half
from days
inner join data_ends on days.school_key = data_ends.school_key
cross join halves
where (days.session_date, halves.half) <= data_ends.last_session
