-- A child whose data may be kept but not used: nobody sees it but the safeguarding lead.
-- Key: school_key, pupil_key.
select
    school_key,
    pupil_key,
    since_date
from raw_restriction
