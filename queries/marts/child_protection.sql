-- Children who are in need or on a child protection plan, and since when. A blank start
-- date means that nobody has told the school.
--
-- One row for each child and status, for children on roll on the date you chose.
-- Key: pupil_key, status.
-- Null: since.
-- Category: child_protection.
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
