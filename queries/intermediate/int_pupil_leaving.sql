-- The last day on which a child was on the roll; null while it may be on the roll still,
-- which is as long as one of its stays has no end.
-- Key: school_key, pupil_key.
select
    school_key,
    pupil_key,
    case when bool_and(end_date is not null) then max(end_date) - 1 end as leaving_date
from stg_enrolment
group by school_key, pupil_key
