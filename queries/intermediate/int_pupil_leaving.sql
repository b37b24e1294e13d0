-- The last day on which a child was on the roll; null while the child may still be on it,
-- which is as long as one of the stays has no end. school_key and entry_date are those of
-- the newest stay.
-- Key: pupil_key.
select
    arg_max(school_key, entry_date) as school_key,
    pupil_key,
    max(entry_date) as entry_date,
    case when bool_and(end_date is not null) then max(end_date) - 1 end as leaving_date
from stg_enrolment
group by pupil_key
