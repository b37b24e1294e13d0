-- A child whose care or plan began on an unknown date. The child counts from the first
-- date on which the school knew of the care or plan.
--
-- The child is left out of every measure over {looked_after_months} until the start date
-- is found.
-- If a child has two statuses in one group, the earlier date is used.
-- Key: pupil_key, cohort.
-- Category: care.
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
