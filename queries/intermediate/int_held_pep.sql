-- A PEP meeting that was held by the day asked for.
-- Key: school_key, pupil_key, pep_date.
select
    school_key,
    pupil_key,
    pep_date
from stg_pep
where outcome = 'held' and pep_date <= as_at()
