-- One row a child and status, for children on roll who are in need or on a protection
-- plan on the day asked for.  since is null where nobody knows the start.
-- Key: school_key, pupil_key, status.
-- Category: child_protection.
select
    periods.school_key,
    periods.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    periods.status,
    case when periods.is_start_known then periods.counts_from end as since
from int_care_period as periods
inner join stg_pupil as pupils on periods.pupil_key = pupils.pupil_key
inner join int_pupil_on_roll as on_roll
    on
        periods.school_key = on_roll.school_key
        and periods.pupil_key = on_roll.pupil_key
where
    periods.status in ('in need', 'on a protection plan')
    and periods.counts_from <= as_at()
    and as_at() < coalesce(periods.end_date, 'infinity'::date)
