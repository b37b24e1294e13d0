-- A step of a plan that was taken by the day asked for, of a child on roll then.
-- Key: pupil_key, ehcp_date, event.
select
    steps.pupil_key,
    steps.ehcp_date,
    steps.event,
    steps.source_id
from stg_ehcp as steps
inner join int_pupil_on_roll as on_roll on steps.pupil_key = on_roll.pupil_key
inner join ref_ehcp_event as events
    on steps.event = events.code and not events.is_booking
where steps.ehcp_date <= as_at()
