-- Written by `python -m queries.contract.generate`: change the registry instead.
-- One row for each teacher assessment of a subject.
-- Of rows about the same thing the newest source counts, which is what people typed.
-- Key: pupil_key, subject, assessment_date.
select distinct on (pupil_key, subject, assessment_date)
    school_key,
    pupil_key,
    assessment_date,
    subject,
    step,
    class_step
from raw_assessment
order by source_id desc
