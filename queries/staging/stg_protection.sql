-- Written by `python -m queries.contract.generate`: change the registry instead.
-- One row for each step of a child in need or of a child protection plan.
-- Of rows about the same thing the newest source counts, which is what people typed.
-- Key: pupil_key, event, protection_date.
select distinct on (pupil_key, event, protection_date)
    school_key,
    pupil_key,
    protection_date,
    event,
    abuse,
    referred_by,
    reason
from raw_protection
order by source_id desc
