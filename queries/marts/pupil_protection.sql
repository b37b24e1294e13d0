-- Written by `python -m queries.contract.generate`: change the registry instead.
-- One row for each step of a child in need or of a child protection plan.
-- Key: pupil_key, event, protection_date.
-- Null: abuse.
-- Null: referred_by.
-- Null: reason.
-- Category: child_protection.
-- Page: In need and child protection.
select
    facts.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    facts.protection_date,
    event_list.label as event,
    abuse_list.label as abuse,
    referred_by_list.label as referred_by,
    reason_list.label as reason
from stg_protection as facts
inner join stg_pupil as pupils on facts.pupil_key = pupils.pupil_key
left join ref_protection_event as event_list
    on facts.event = event_list.code
left join ref_abuse_category as abuse_list
    on facts.abuse = abuse_list.code
left join ref_referral_source as referred_by_list
    on facts.referred_by = referred_by_list.code
left join ref_closure_reason as reason_list
    on facts.reason = reason_list.code
where facts.protection_date <= as_at()
