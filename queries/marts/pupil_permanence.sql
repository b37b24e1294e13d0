-- Written by `python -m queries.contract.generate`: change the registry instead.
-- One row for each decision or order on the way out of care for good.
-- Key: pupil_key, event, permanence_date.
-- Null: reason.
-- Category: plans.
-- Page: Adoption and other permanence.
select
    facts.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    facts.permanence_date,
    event_list.label as event,
    reason_list.label as reason
from stg_permanence as facts
inner join stg_pupil as pupils on facts.pupil_key = pupils.pupil_key
left join ref_permanence_event as event_list
    on facts.event = event_list.code
left join ref_permanence_stop as reason_list
    on facts.reason = reason_list.code
where facts.permanence_date <= as_at()
