-- One row a school: its name, and the newest load's time and the day up to which its
-- marks go.  days_behind: how many of its school days have gone by since then, up to the
-- day up to which the marks of any school go; in a school's own home 0.
-- Key: school_key.
-- Category: load.
-- Short: The school's name, and when its files were last brought in.
-- Short: It also says the day up to which the marks go.
with furthest as (
    select max(data_until) as last_day from int_newest_load
)

select
    schools.school_key,
    schools.school_name,
    schools.phase,
    loads.load_id,
    loads.loaded_at,
    loads.data_until,
    count(days.calendar_date)::integer as days_behind
from stg_school as schools
inner join int_newest_load as loads on schools.school_key = loads.school_key
cross join furthest
left join stg_calendar_day as days
    on
        schools.school_key = days.school_key
        and days.is_school_day
        and loads.data_until < days.calendar_date
        and furthest.last_day >= days.calendar_date
group by
    schools.school_key,
    schools.school_name,
    schools.phase,
    loads.load_id,
    loads.loaded_at,
    loads.data_until
