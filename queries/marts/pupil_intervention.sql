-- Written by `python -m queries.contract.generate`: change the registry instead.
-- One row for each kind of help that a child has had.
-- Key: pupil_key, kind, intervention_date.
-- Null: review_date.
-- Null: end_date.
-- Null: helped.
-- Category: learning.
-- Page: Help in place.
select
    facts.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    facts.intervention_date,
    kind_list.label as kind,
    facts.review_date,
    facts.end_date,
    facts.helped::varchar as helped
from stg_intervention as facts
inner join stg_pupil as pupils on facts.pupil_key = pupils.pupil_key
left join ref_help_kind as kind_list
    on facts.kind = kind_list.code
where facts.intervention_date <= as_at()
