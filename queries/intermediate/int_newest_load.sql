-- A school's newest load: its data_until is the end of the school's data, also where an
-- earlier load went further.  No row before the school's first load.
-- Key: school_key.
with newest as (
    select
        loads.school_key,
        max(loads.load_id) as load_id
    from stg_load as loads
    group by loads.school_key
)

select
    loads.school_key,
    loads.load_id,
    loads.loaded_at,
    loads.data_until
from stg_load as loads
inner join newest
    on loads.load_id = newest.load_id and loads.school_key = newest.school_key
