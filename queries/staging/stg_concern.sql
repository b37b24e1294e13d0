-- One row for each note of concern about a child.
-- Of rows about the same note the newest source counts, which is what people typed.
-- Key: pupil_key, concern_date, kind, line.
select distinct on (pupil_key, concern_date, kind, line)
    school_key,
    pupil_key,
    concern_date,
    kind,
    level,
    raised_by,
    line,
    done,
    follow_up_date,
    closed_date
from raw_concern
order by source_id desc
