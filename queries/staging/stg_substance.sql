-- Written by `python -m queries.contract.generate`: change the registry instead.
-- One row for each time that a child was found to have a problem with substances.
-- Of rows about the same thing the newest source counts, which is what people typed.
-- Key: pupil_key, substance_date.
select distinct on (pupil_key, substance_date)
    school_key,
    pupil_key,
    substance_date,
    has_help,
    is_help_offered
from raw_substance
order by source_id desc
