-- We do not know when this child's care or plan began. They count from the first date
-- that we have, and are left out of figures that ask how long it has been.
--
-- known_since: that date, of two statuses in one group the earlier.
-- Key: pupil_key, cohort.
-- Category: care.
-- Severity: shown.
select
    periods.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    get_cohort(periods.status) as cohort,
    min(periods.counts_from) as known_since
from int_care_period as periods
inner join stg_pupil as pupils on periods.pupil_key = pupils.pupil_key
inner join int_pupil_on_roll as on_roll on periods.pupil_key = on_roll.pupil_key
where
    not periods.is_start_known
    and is_in_period(as_at(), periods.counts_from, periods.end_date)
group by periods.pupil_key, pupils.pupil_id, pupils.handle, get_cohort(periods.status)
