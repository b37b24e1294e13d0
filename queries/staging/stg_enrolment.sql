-- A stay on the roll, [entry_date, end_date).  The roll names the last day on it, so
-- end_date is the day after; null while the child is on roll.  year_group was true on
-- year_group_date; R is 0.  sen_provision was true on that day too; null says nothing,
-- which is not the same as N, none.
-- Key: school_key, pupil_key, entry_date.
select
    school_key,
    pupil_key,
    entry_date,
    leaving_date + 1 as end_date,
    sex,
    year_group,
    year_group_date,
    sen_provision,
    source_id
from raw_enrolment
