-- Written by `python -m queries.contract.generate`: change the registry instead.
-- One row for each test or check of a child.
-- Of rows about the same thing the newest source counts, which is what people typed.
-- Key: pupil_key, test, test_date.
select distinct on (pupil_key, test, test_date)
    school_key,
    pupil_key,
    test_date,
    test,
    score,
    outcome
from raw_test
order by source_id desc
