-- A school's newest load. Its data_until is the end of the school's data, even if an
-- earlier load went further. There is no row before the school's first load.
-- Key: school_key.
select
    school_key,
    max(load_id) as load_id,
    arg_max(loaded_at, load_id) as loaded_at,
    arg_max(data_until, load_id) as data_until
from stg_load
group by school_key
