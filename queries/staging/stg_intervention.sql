-- Written by `python -m intake.contract.generate`: change the registry instead.
-- One row for each kind of help that a child has had.
-- Of rows about the same thing the newest source counts, which is what people typed.
-- Key: pupil_key, kind, intervention_date.
select
    school_key,
    pupil_key,
    intervention_date,
    kind,
    review_date,
    end_date,
    helped
from raw_intervention
qualify
    row_number() over (
        partition by pupil_key, kind, intervention_date
        order by source_id desc
    ) = 1
