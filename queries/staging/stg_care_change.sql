-- Written by `python -m queries.contract.generate`: change the registry instead.
-- One row for each change of a child's social worker or school.
-- Of rows about the same thing the newest source counts, which is what people typed.
-- Key: pupil_key, kind, care_change_date.
select distinct on (pupil_key, kind, care_change_date)
    school_key,
    pupil_key,
    care_change_date,
    kind,
    reason
from raw_care_change
order by source_id desc
