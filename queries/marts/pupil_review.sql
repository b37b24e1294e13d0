-- Written by `python -m queries.contract.generate`: change the registry instead.
-- One row for each review of a child's care.
-- Key: pupil_key, review_date.
-- Null: took_part.
-- Null: has_school_report.
-- Category: care.
-- Page: Reviews of care.
select
    facts.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    facts.review_date,
    facts.outcome::varchar as outcome,
    took_part_list.label as took_part,
    facts.has_school_report
from stg_review as facts
inner join stg_pupil as pupils on facts.pupil_key = pupils.pupil_key
left join ref_review_part as took_part_list
    on facts.took_part = took_part_list.code
where facts.review_date <= as_at()
