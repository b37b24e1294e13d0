-- A step of a child in need or of a protection plan that was taken by the day asked for,
-- of a child on roll then.
-- Key: pupil_key, protection_date, event.
select
    steps.pupil_key,
    steps.protection_date,
    steps.event,
    steps.abuse,
    steps.reason,
    events.stage,
    events.step
from stg_protection as steps
inner join int_pupil_on_roll as on_roll on steps.pupil_key = on_roll.pupil_key
inner join ref_protection_event as events
    on steps.event = events.code and not events.is_booking
where steps.protection_date <= as_at()
