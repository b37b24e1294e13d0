-- A step of an Education, Health and Care Plan.
-- Of rows about the same thing the newest source counts, which is what people typed.
-- Key: school_key, pupil_key, ehcp_date, event.
-- Materialised: school_key, pupil_key, ehcp_date, event.
select distinct on (school_key, pupil_key, ehcp_date, event)
    school_key,
    pupil_key,
    ehcp_date,
    event,
    primary_need,
    source_id
from raw_ehcp
order by source_id desc
