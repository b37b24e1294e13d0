-- Written by `python -m queries.contract.generate`: change the registry instead.
-- One row for each time that a child was found to have a problem with substances.
-- Key: pupil_key, substance_date.
-- Null: is_help_offered.
-- Category: health.
-- Page: Substance misuse.
select
    facts.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    facts.substance_date,
    facts.has_help,
    facts.is_help_offered
from stg_substance as facts
inner join stg_pupil as pupils on facts.pupil_key = pupils.pupil_key
where facts.substance_date <= as_at()
