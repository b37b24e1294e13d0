-- Written by `python -m queries.contract.generate`: change the registry instead.
-- One row for each developmental check of a child under 5.
-- Of rows about the same thing the newest source counts, which is what people typed.
-- Key: pupil_key, development_date.
select distinct on (pupil_key, development_date)
    school_key,
    pupil_key,
    development_date,
    outcome
from raw_development
order by source_id desc
