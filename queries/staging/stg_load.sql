-- A load of a school's files: when it was made, and the day up to which its marks go.
-- Key: load_id.
select
    school_key,
    load_id,
    loaded_at,
    data_until
from raw_load
