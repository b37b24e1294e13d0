-- Written by `python -m queries.contract.generate`: change the registry instead.
-- One row for each time at which a child was missing or away without leave.
-- Key: pupil_key, missing_date.
-- Null: back_date.
-- Null: interview.
-- Null: interview_date.
-- Category: child_protection.
-- Page: Times missing.
select
    facts.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    facts.missing_date,
    kind_list.label as kind,
    facts.back_date,
    facts.interview::varchar as interview,
    facts.interview_date
from stg_missing as facts
inner join stg_pupil as pupils on facts.pupil_key = pupils.pupil_key
left join ref_missing_kind as kind_list
    on facts.kind = kind_list.code
where facts.missing_date <= as_at()
