-- A questionnaire's scores, or the reason why there are none.  total is 0 to 40 without
-- prosocial; the scales are 0 to 10, null where only a total was given.
-- Of rows about the same thing the newest source counts, which is what people typed.
-- Key: school_key, pupil_key, sdq_date, informant.
-- Materialised: school_key, pupil_key, sdq_date, informant.
select distinct on (school_key, pupil_key, sdq_date, informant)
    school_key,
    pupil_key,
    sdq_date,
    informant,
    total,
    emotional,
    conduct,
    hyperactivity,
    peer,
    prosocial,
    impact,
    reason
from raw_sdq
order by source_id desc
