-- Written by `python -m queries.contract.generate`: change the registry instead.
-- One row for each part-time timetable, or time of alternative provision.
-- Of rows about the same thing the newest source counts, which is what people typed.
-- Key: pupil_key, kind, provision_date.
select distinct on (pupil_key, kind, provision_date)
    school_key,
    pupil_key,
    provision_date,
    kind,
    agreed_by,
    review_date,
    end_date
from raw_provision
order by source_id desc
