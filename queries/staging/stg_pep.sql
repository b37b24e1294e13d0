-- A meeting of a personal education plan, held or booked.
-- Key: school_key, pupil_key, pep_date.
select
    school_key,
    pupil_key,
    pep_date,
    outcome,
    quality,
    child_attended,
    targets_set
from raw_pep
