-- A session for which a child on roll should have a mark: each half of every school day
-- of the child's stay, up to the last session that the register has reached.
-- Key: pupil_key, session_date, half.
-- Materialised: pupil_key, session_date, half.
with halves as (
    select unnest(enum_range(null::mark_half)) as half
)

-- distinct, since stays may overlap
select distinct
    stays.pupil_key,
    open_days.calendar_date as session_date,
    halves.half
from stg_calendar_day as open_days
inner join int_data_end as data_end on open_days.school_key = data_end.school_key
cross join halves
inner join stg_enrolment as stays
    on
        open_days.school_key = stays.school_key
        and is_in_period(open_days.calendar_date, stays.entry_date, stays.end_date)
where
    open_days.is_school_day
    and (open_days.calendar_date, halves.half) <= (data_end.session_date, data_end.half)
