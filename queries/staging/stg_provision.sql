-- Written by `python -m intake.contract.generate`: change the registry instead.
-- One row for each part-time timetable, or time of alternative provision.
-- Of rows about the same thing the newest source counts, which is what people typed.
-- Key: pupil_key, kind, provision_date.
select
    school_key,
    pupil_key,
    provision_date,
    kind,
    agreed_by,
    review_date,
    end_date
from raw_provision
qualify
    row_number() over (
        partition by pupil_key, kind, provision_date
        order by source_id desc
    ) = 1
