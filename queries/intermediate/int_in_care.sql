-- A child who is on roll and looked after on the day asked for, since when, and since
-- when on roll.
-- Key: pupil_key.
select
    on_roll.school_key,
    on_roll.pupil_key,
    periods.counts_from,
    periods.is_start_known,
    on_roll.entry_date
from int_care_period as periods
inner join int_pupil_on_roll as on_roll on periods.pupil_key = on_roll.pupil_key
where
    periods.status = 'looked after'
    and is_in_period(as_at(), periods.counts_from, periods.end_date)
