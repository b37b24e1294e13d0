-- Written by `python -m queries.contract.generate`: change the registry instead.
-- One row for each test or check of a child.
-- Key: pupil_key, test, test_date.
-- Null: score.
-- Null: outcome.
-- Category: learning.
-- Page: Tests and checks.
select
    facts.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    facts.test_date,
    test_list.label as test,
    facts.score,
    outcome_list.label as outcome
from stg_test as facts
inner join stg_pupil as pupils on facts.pupil_key = pupils.pupil_key
left join ref_test_kind as test_list
    on facts.test = test_list.code
left join ref_test_outcome as outcome_list
    on facts.outcome = outcome_list.code
where facts.test_date <= as_at()
