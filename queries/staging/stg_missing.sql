-- Written by `python -m queries.contract.generate`: change the registry instead.
-- One row for each time at which a child was missing or away without leave.
-- Of rows about the same thing the newest source counts, which is what people typed.
-- Key: pupil_key, missing_date.
select distinct on (pupil_key, missing_date)
    school_key,
    pupil_key,
    missing_date,
    kind,
    back_date,
    interview,
    interview_date
from raw_missing
order by source_id desc
