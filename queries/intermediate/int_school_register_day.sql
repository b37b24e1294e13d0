-- The day up to which a school's register is used: register_day(), or its own last day if
-- the school is behind another of the home, so that its windows end where its marks do.
-- last_day is that of its register; null without one.
-- Key: school_key.
with last_days as (
    select
        school_key,
        max(session_date) as last_day
    from int_register_day
    where session_date <= register_day()
    group by school_key
)

select
    schools.school_key,
    last_days.last_day,
    case
        when last_days.last_day < max(last_days.last_day) over () then last_days.last_day
        else register_day()
    end as register_day
from stg_school as schools
left join last_days on schools.school_key = last_days.school_key
