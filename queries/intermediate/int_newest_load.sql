-- A school's newest load: its data_until is the end of the school's data, also where an
-- earlier load went further.  No row before the school's first load.
-- Key: school_key.
select
    loads.school_key,
    loads.load_id,
    loads.loaded_at,
    loads.data_until
from stg_load as loads
where
    loads.load_id = (
        select max(every.load_id)
        from stg_load as every
        where every.school_key = loads.school_key
    )
