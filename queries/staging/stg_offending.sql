-- Written by `python -m queries.contract.generate`: change the registry instead.
-- One row for each conviction or youth caution of a child of 10 or over.
-- Of rows about the same thing the newest source counts, which is what people typed.
-- Key: pupil_key, kind, offending_date.
select distinct on (pupil_key, kind, offending_date)
    school_key,
    pupil_key,
    offending_date,
    kind
from raw_offending
order by source_id desc
