-- A school's newest load: its data_until is the end of the school's data, also where an
-- earlier load went further.  No row before the school's first load.
-- Key: school_key.
select
    school_key,
    load_id,
    loaded_at,
    data_until
from stg_load
qualify
    row_number() over (
        partition by school_key
        order by load_id desc
    ) = 1
