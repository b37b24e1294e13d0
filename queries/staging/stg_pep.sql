-- A meeting of a personal education plan, held or booked.
-- Of rows about the same thing the newest source counts, which is what people typed.
-- Key: school_key, pupil_key, pep_date.
-- Materialised: school_key, pupil_key, pep_date.
select
    school_key,
    pupil_key,
    pep_date,
    outcome,
    quality,
    child_attended as has_child_attended,
    targets_set
from raw_pep
qualify
    row_number() over (
        partition by school_key, pupil_key, pep_date
        order by source_id desc
    ) = 1
