-- Written by `python -m queries.contract.generate`: change the registry instead.
-- One row for each sum of pupil premium plus for a child.
-- Key: pupil_key, kind, premium_date.
-- Null: spent.
-- Null: is_in_pep.
-- Category: learning.
-- Page: Pupil premium plus.
select
    facts.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    facts.premium_date,
    kind_list.label as kind,
    facts.planned,
    facts.spent,
    facts.is_in_pep
from stg_premium as facts
inner join stg_pupil as pupils on facts.pupil_key = pupils.pupil_key
left join ref_help_kind as kind_list
    on facts.kind = kind_list.code
where facts.premium_date <= as_at()
