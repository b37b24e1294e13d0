-- Written by `python -m queries.contract.generate`: change the registry instead.
-- One row for each change of a child's social worker or school.
-- Key: pupil_key, kind, care_change_date.
-- Null: reason.
-- Category: care.
-- Page: Changes of social worker and school.
select
    facts.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    facts.care_change_date,
    facts.kind::varchar as kind,
    reason_list.label as reason
from stg_care_change as facts
inner join stg_pupil as pupils on facts.pupil_key = pupils.pupil_key
left join ref_worker_change as reason_list
    on facts.reason = reason_list.code
where facts.care_change_date <= as_at()
