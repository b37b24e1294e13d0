-- One row a school: its name, and the newest load's time and the day up to which its
-- marks go.
-- Key: school_key.
-- Category: load.
-- Short: The school's name, and when its files were last brought in.
-- Short: It also says the day up to which the marks go.
select
    schools.school_key,
    schools.school_name,
    schools.phase,
    loads.load_id,
    loads.loaded_at,
    loads.data_until
from stg_school as schools
inner join int_newest_load as loads on schools.school_key = loads.school_key
