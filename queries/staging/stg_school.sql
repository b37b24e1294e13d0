-- A school.
-- Key: school_key.
select
    school_key,
    school_id,
    school_name,
    phase
from raw_school
