-- The schools that have a record of any child's health assessment that is not a booking,
-- from the day of the first.
-- Key: school_key.
-- Materialised: school_key.
select
    school_key,
    min(health_date) as heard_from
from stg_health
where subject = 'health assessment' and outcome <> 'booked'
group by school_key
