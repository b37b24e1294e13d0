-- A step of an Education, Health and Care Plan.
-- Of rows about the same thing the newest source counts, which is what people typed.
-- Key: school_key, pupil_key, ehcp_date, event.
-- Materialised: school_key, pupil_key, ehcp_date, event.
select
    school_key,
    pupil_key,
    ehcp_date,
    event,
    primary_need,
    source_id
from raw_ehcp
qualify
    row_number() over (
        partition by school_key, pupil_key, ehcp_date, event
        order by source_id desc
    ) = 1
