-- The newest load: its data_until is the end of the data, also where an earlier load
-- went further.  No row before the first load.
-- Key: load_id.
select
    loads.load_id,
    loads.loaded_at,
    loads.data_until
from stg_load as loads
where loads.load_id = (select max(every.load_id) from stg_load as every)
