-- Written by `python -m queries.contract.generate`: change the registry instead.
-- One row for each time that somebody told of a former pupil who has left care.
-- Of rows about the same thing the newest source counts, which is what people typed.
-- Key: pupil_key, care_leaver_date.
select distinct on (pupil_key, care_leaver_date)
    school_key,
    pupil_key,
    care_leaver_date,
    in_touch,
    activity,
    accommodation
from raw_care_leaver
order by source_id desc
