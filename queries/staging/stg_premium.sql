-- Written by `python -m queries.contract.generate`: change the registry instead.
-- One row for each sum of pupil premium plus for a child.
-- Of rows about the same thing the newest source counts, which is what people typed.
-- Key: pupil_key, kind, premium_date.
select distinct on (pupil_key, kind, premium_date)
    school_key,
    pupil_key,
    premium_date,
    kind,
    planned,
    spent,
    is_in_pep
from raw_premium
order by source_id desc
