-- A child whose start of a status nobody knows: counted from known_since, and left out
-- of every measure over {looked_after_months} until a date is found.  Of two such
-- statuses in one group known_since is the earlier.
-- Key: school_key, pupil_key, cohort.
-- Category: care.
-- Severity: shown.
select
    periods.school_key,
    periods.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    periods.cohort,
    min(periods.counts_from) as known_since
from int_cohort_period as periods
inner join stg_pupil as pupils on periods.pupil_key = pupils.pupil_key
inner join int_pupil_on_roll as on_roll
    on
        periods.school_key = on_roll.school_key
        and periods.pupil_key = on_roll.pupil_key
where
    not periods.is_start_known
    and periods.counts_from <= as_at()
    and as_at() < coalesce(periods.end_date, 'infinity'::date)
group by
    periods.school_key,
    periods.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    periods.cohort
