-- Written by `python -m queries.contract.generate`: change the registry instead.
-- One row for each kind of data that was given by choice.
-- Of rows about the same thing the newest source counts, which is what people typed.
-- Key: pupil_key, item, choice_date.
select distinct on (pupil_key, item, choice_date)
    school_key,
    pupil_key,
    choice_date,
    item,
    given_by,
    taken_back_date
from raw_choice
order by source_id desc
