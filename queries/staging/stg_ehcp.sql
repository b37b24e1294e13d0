-- A step of an Education, Health and Care Plan.
-- Key: school_key, pupil_key, ehcp_date, event.
select
    steps.school_key,
    steps.pupil_key,
    steps.ehcp_date,
    steps.event,
    events.step,
    coalesce(events.is_booking, false) as is_booking,
    steps.primary_need
from raw_ehcp as steps
left join ref_ehcp_event as events on steps.event = events.code
