-- The school days up to the day asked for, the newest numbered 1.
-- Key: school_key, school_day.
select
    school_key,
    school_day,
    row_number() over (
        partition by school_key
        order by school_day desc
    )::integer as days_ago
from int_school_day
where school_day <= as_at()
