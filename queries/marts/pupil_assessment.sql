-- Written by `python -m queries.contract.generate`: change the registry instead.
-- One row for each teacher assessment of a subject.
-- Key: pupil_key, subject, assessment_date.
-- Null: class_step.
-- Category: learning.
-- Page: Teacher assessments.
select
    facts.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    facts.assessment_date,
    facts.subject::varchar as subject,
    facts.step,
    facts.class_step
from stg_assessment as facts
inner join stg_pupil as pupils on facts.pupil_key = pupils.pupil_key
where facts.assessment_date <= as_at()
