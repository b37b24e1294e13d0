-- A session for which a child on roll should have a mark: each half of every school day
-- of the child's stay, up to the last session that the register has reached.
-- Key: school_key, pupil_key, session_date, half.
select
    days.school_key,
    stays.pupil_key,
    days.calendar_date as session_date,
    halves.half
from stg_calendar_day as days
inner join int_data_end as register on days.school_key = register.school_key
cross join (select unnest(enum_range(null::half_day)) as half) as halves
inner join stg_enrolment as stays
    on
        days.school_key = stays.school_key
        and days.calendar_date >= stays.entry_date
        and days.calendar_date < coalesce(stays.end_date, 'infinity'::date)
where
    days.is_school_day
    and (days.calendar_date, halves.half) <= (register.session_date, register.half)
