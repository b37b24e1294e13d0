-- A child in scope, under the two names that the store knows: pupil_id for machines,
-- handle for people.
-- Key: pupil_key.
select
    pupil_key,
    school_key,
    pupil_id,
    handle,
    is_on_newest_roll
from raw_pupil
