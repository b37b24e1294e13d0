-- Written by `python -m queries.contract.generate`: change the registry instead.
-- One row for each decision or order on the way out of care for good.
-- Of rows about the same thing the newest source counts, which is what people typed.
-- Key: pupil_key, event, permanence_date.
select distinct on (pupil_key, event, permanence_date)
    school_key,
    pupil_key,
    permanence_date,
    event,
    reason
from raw_permanence
order by source_id desc
