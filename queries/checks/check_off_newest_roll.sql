-- A child on these pages who is not on the latest roll and has no leaving date. Nothing
-- was deleted. Ask the office for the leaving date.
-- Key: pupil_key.
-- Category: load.
select
    pupils.pupil_key,
    pupils.pupil_id,
    pupils.handle
from stg_pupil as pupils
where
    not pupils.is_on_newest_roll
    and exists (
        select 1
        from stg_enrolment as stays
        where stays.pupil_key = pupils.pupil_key and stays.end_date is null
    )
