-- Every day with its place among a school's school days and among the working days: how
-- many of each there are up to it and with it.  The day that lies n school days after
-- another is the school day whose school_place is larger by n.  A working day is not a
-- Saturday, a Sunday or a bank holiday of England.
-- Key: school_key, calendar_date.
-- Materialised: school_key, calendar_date.
with days as (select unnest(every_day())::date as each_day),

kinds as (
    select
        schools.school_key,
        days.each_day as calendar_date,
        not is_weekend(days.each_day) and holidays.holiday is null as is_working_day,
        school_days.school_day is not null as is_school_day
    from days
    cross join stg_school as schools
    left join ref_bank_holiday as holidays on days.each_day = holidays.holiday
    left join int_school_day as school_days
        on
            schools.school_key = school_days.school_key
            and days.each_day = school_days.school_day
)

select
    school_key,
    calendar_date,
    is_working_day,
    is_school_day,
    -- a count with a filter takes ten times as long over a window
    (sum(is_working_day::integer) over so_far)::bigint as working_place,
    (sum(is_school_day::integer) over so_far)::bigint as school_place
from kinds
window
    so_far as (
        partition by school_key
        order by calendar_date
    )
