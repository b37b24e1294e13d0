-- One row a child and status, for children on roll who are in need or on a protection
-- plan on the day asked for.  since is null where nobody knows the start.
-- Key: pupil_key, status.
-- Null: since.
-- Category: child_protection.
-- Short: Who is in need or on a child protection plan, and since when.
-- Short: A blank start means that nobody has told us the day.
select
    periods.pupil_key,
    pupils.school_key,
    pupils.pupil_id,
    pupils.handle,
    periods.status,
    case when periods.is_start_known then periods.counts_from end as since
from int_care_period as periods
inner join stg_pupil as pupils on periods.pupil_key = pupils.pupil_key
inner join int_pupil_on_roll as on_roll on periods.pupil_key = on_roll.pupil_key
where
    periods.status in ('in need', 'on a protection plan')
    and is_in_period(as_at(), periods.counts_from, periods.end_date)
