-- The newest load: its data_until is the end of the data, also where an earlier load
-- went further.  No row before the first load.
-- Key: load_id.
select
    load_id,
    loaded_at,
    data_until
from stg_load
qualify row_number() over (order by load_id desc) = 1
