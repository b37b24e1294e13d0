-- A session for which a child on roll should have a mark: each half of every school day
-- of the child's stay, up to the last session that the register has reached by the day up
-- to which the data go.
-- Key: pupil_key, session_date, half.
-- Materialised: pupil_key, session_date, half.
with data_ends as (
    -- later sessions are not yet there; a mark may be entered ahead, as closures are
    select
        marks.school_key,
        max((marks.session_date, marks.half)) as last_session
    from stg_mark as marks
    inner join int_newest_load as newest
        on marks.session_date <= newest.data_until
    left join ref_attendance_code as codes on marks.code = codes.code
    where codes.kind is distinct from 'closed'
    group by marks.school_key
),

halves as (
    select unnest(enum_range(null::mark_half)) as half
)

-- distinct, since stays may overlap
select distinct
    stays.pupil_key,
    open_days.calendar_date as session_date,
    halves.half
from stg_calendar_day as open_days
inner join data_ends on open_days.school_key = data_ends.school_key
cross join halves
inner join stg_enrolment as stays
    on
        open_days.school_key = stays.school_key
        and is_in_period(open_days.calendar_date, stays.entry_date, stays.end_date)
where
    open_days.is_school_day
    and (open_days.calendar_date, halves.half) <= data_ends.last_session
