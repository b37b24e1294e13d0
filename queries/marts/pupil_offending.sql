-- Written by `python -m queries.contract.generate`: change the registry instead.
-- One row for each conviction or youth caution of a child of 10 or over.
-- Key: pupil_key, kind, offending_date.
-- Category: child_protection.
-- Page: Offending.
select
    facts.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    facts.offending_date,
    facts.kind::varchar as kind
from stg_offending as facts
inner join stg_pupil as pupils on facts.pupil_key = pupils.pupil_key
where facts.offending_date <= as_at()
