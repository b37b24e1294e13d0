-- One row a school: its name, and the newest load's time and the day up to which its
-- marks go.
-- Key: school_key.
-- Category: load.
with newest as (
    select
        max(load_id) as load_id,
        arg_max(loaded_at, load_id) as loaded_at,
        arg_max(data_until, load_id) as data_until
    from stg_load
)

select
    schools.school_key,
    schools.school_name,
    schools.phase,
    loads.load_id,
    loads.loaded_at,
    loads.data_until
from stg_school as schools
cross join newest as loads
