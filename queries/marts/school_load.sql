-- One row a school: its name, and the newest load's time and the day up to which its
-- marks go.  days_behind: how many of its school days before the day asked for have gone
-- by since the last one with a register; null where no register has come.  is_behind: so
-- many that the school is asked for it.
-- Key: school_key.
-- Null: days_behind.
-- Category: load.
-- Short: The school's name, and when its files were last brought in.
-- Short: It also says the day up to which the marks go, and whether that is long ago.
with counted as (
    select
        ends.school_key,
        case when ends.last_day is not null then count(days.calendar_date) end::integer
            as days_behind
    from int_school_register_day as ends
    left join stg_calendar_day as days
        on
            ends.school_key = days.school_key
            and days.is_school_day
            and ends.last_day < days.calendar_date
            and as_at() > days.calendar_date
    group by ends.school_key, ends.last_day
)

select
    schools.school_key,
    schools.school_name,
    schools.phase,
    loads.load_id,
    loads.loaded_at,
    loads.data_until,
    counted.days_behind,
    coalesce(counted.days_behind >= threshold('old_register_days', as_at()), true)
        as is_behind
from stg_school as schools
inner join int_newest_load as loads on schools.school_key = loads.school_key
inner join counted on schools.school_key = counted.school_key
