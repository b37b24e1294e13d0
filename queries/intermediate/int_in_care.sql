-- A child who is on roll and looked after on the day asked for, since when, and since
-- when on roll.
-- Key: school_key, pupil_key.
select
    periods.school_key,
    periods.pupil_key,
    periods.counts_from,
    periods.is_start_known,
    on_roll.entry_date,
    on_roll.year_group
from int_care_period as periods
inner join int_pupil_on_roll as on_roll
    on
        periods.school_key = on_roll.school_key
        and periods.pupil_key = on_roll.pupil_key
where
    periods.status = 'looked after'
    and periods.counts_from <= as_at()
    and as_at() < coalesce(periods.end_date, 'infinity'::date)
