-- Written by `python -m intake.contract.generate`: change the registry instead.
-- One row for each test or check of a child.
-- Of rows about the same thing the newest source counts, which is what people typed.
-- Key: pupil_key, test, test_date.
select
    school_key,
    pupil_key,
    test_date,
    test,
    score,
    outcome
from raw_test
qualify
    row_number() over (
        partition by pupil_key, test, test_date
        order by source_id desc
    ) = 1
