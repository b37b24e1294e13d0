-- The school's name, when its files were last brought in, and the last day that its marks
-- cover.
--
-- Days behind are the school days since the last day with a register, up to the day
-- before the date you chose.
-- The national phase is the one for which absence is published: primary, secondary or
-- special, or all for a school of several.
-- A school is behind after {old_register_days} without a register, or if no register has
-- been loaded.
-- Key: school_key.
-- Null: days_behind.
-- Category: load.
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
    case
        when schools.phase in ('secondary', 'special') then schools.phase::varchar
        when schools.phase = 'all-through' then 'all'
        else 'primary'
    end as national_phase,
    loads.load_id,
    loads.loaded_at,
    loads.data_until,
    counted.days_behind,
    coalesce(counted.days_behind >= threshold('old_register_days', as_at()), true)
        as is_behind
from stg_school as schools
inner join int_newest_load as loads on schools.school_key = loads.school_key
inner join counted on schools.school_key = counted.school_key
