-- Written by `python -m intake.contract.generate`: change the registry instead.
-- One row for each teacher assessment of a subject.
-- Of rows about the same thing the newest source counts, which is what people typed.
-- Key: pupil_key, subject, assessment_date.
select
    school_key,
    pupil_key,
    assessment_date,
    subject,
    step,
    class_step
from raw_assessment
qualify
    row_number() over (
        partition by pupil_key, subject, assessment_date
        order by source_id desc
    ) = 1
