-- The latest result and prediction of each child, in each subject and national test,
-- against what is expected.
--
-- One row for each child and subject or test, with what was recorded last up to the date
-- you chose. Tests without an expected score are left out.
-- The key stage is the one that the child was in at the time.
-- A result is what the school said, the score, or the reason why there is no score.
-- A prediction is for the end of the key stage that the child is in. A prediction from an
-- earlier key stage is left out, and tests have no predictions.
-- A result or prediction counts as expected if it is at or above what is expected. A GCSE
-- grade counts as expected from the standard pass.
-- Key: pupil_key, subject.
-- Null: predicted, is_expected, is_predicted.
-- Category: learning.
with results as (
    select
        facts.pupil_key,
        facts.subject::varchar as subject,
        false as is_test,
        facts.attainment_date as result_date,
        levels.label as result,
        predictions.label as predicted,
        levels.is_expected,
        predictions.is_expected as is_predicted
    from stg_attainment as facts
    inner join ref_attainment_level as levels on facts.level = levels.code
    left join ref_attainment_level as predictions on facts.predicted = predictions.code
    union all
    select
        tests.pupil_key,
        kinds.label as subject,
        true as is_test,
        tests.test_date as result_date,
        coalesce(tests.score::varchar, outcomes.label) as result,
        null as predicted,
        tests.score >= kinds.expected::integer as is_expected,
        null as is_predicted
    from stg_test as tests
    inner join ref_test_kind as kinds on tests.test = kinds.code
    left join ref_test_outcome as outcomes on tests.outcome = outcomes.code
    where
        kinds.expected is not null
        and (tests.score is not null or tests.outcome is not null)
)

select
    members.school_key,
    members.pupil_key,
    members.pupil_id,
    members.handle,
    key_stages.label as key_stage,
    results.subject,
    results.is_test,
    results.result_date,
    results.result,
    case when key_stages.label = members.key_stage then results.predicted end
        as predicted,
    results.is_expected,
    case when key_stages.label = members.key_stage then results.is_predicted end
        as is_predicted
from results
inner join cohort_member as members on results.pupil_key = members.pupil_key
inner join ref_key_stage as key_stages
    on
        members.year_group
        - (academic_year_start(as_at()) - academic_year_start(results.result_date))
        between key_stages.first_year::integer and key_stages.last_year::integer
where results.result_date <= as_at()
qualify
    row_number() over (
        partition by results.pupil_key, results.subject
        order by results.result_date desc
    ) = 1
