-- Written by `python -m queries.contract.generate`: change the registry instead.
-- One row for each kind of help that a child has had.
-- Of rows about the same thing the newest source counts, which is what people typed.
-- Key: pupil_key, kind, intervention_date.
select distinct on (pupil_key, kind, intervention_date)
    school_key,
    pupil_key,
    intervention_date,
    kind,
    review_date,
    end_date,
    helped
from raw_intervention
order by source_id desc
