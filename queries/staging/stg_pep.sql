-- A meeting of a personal education plan, held or booked.
-- Of rows about the same thing the newest source counts, which is what people typed.
-- Key: school_key, pupil_key, pep_date.
-- Materialised: school_key, pupil_key, pep_date.
select distinct on (school_key, pupil_key, pep_date)
    school_key,
    pupil_key,
    pep_date,
    outcome,
    quality,
    child_attended as has_child_attended,
    targets_set
from raw_pep
order by source_id desc
