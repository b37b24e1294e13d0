-- Written by `python -m queries.contract.generate`: change the registry instead.
-- One row for each developmental check of a child under 5.
-- Key: pupil_key, development_date.
-- Category: health.
-- Page: Developmental checks.
select
    facts.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    facts.development_date,
    facts.outcome::varchar as outcome
from stg_development as facts
inner join stg_pupil as pupils on facts.pupil_key = pupils.pupil_key
where facts.development_date <= as_at()
