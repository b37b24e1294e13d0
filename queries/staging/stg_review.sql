-- Written by `python -m queries.contract.generate`: change the registry instead.
-- One row for each review of a child's care.
-- Of rows about the same thing the newest source counts, which is what people typed.
-- Key: pupil_key, review_date.
select distinct on (pupil_key, review_date)
    school_key,
    pupil_key,
    review_date,
    outcome,
    took_part,
    has_school_report
from raw_review
order by source_id desc
