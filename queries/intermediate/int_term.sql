-- A school's terms: autumn ends at Christmas, spring at the longest break of more than a
-- week that begins between 15 March and 20 April (on 20 April if there is none), and
-- summer in July.
-- Key: school_key, first_day.
-- Materialised: school_key, first_day.
with days as (
    select
        school_key,
        calendar_date as school_day,
        academic_year_start(calendar_date) as start_year,
        lead(calendar_date) over (
            partition by school_key
            order by calendar_date
        ) as next_day
    from stg_calendar_day
    where is_school_day
),

easter as (
    select
        school_key,
        start_year,
        arg_max(
            school_day, (date_diff('day', school_day, next_day), school_day)
        ) as last_day
    from days
    where may_be_easter_break(school_day, next_day)
    group by school_key, start_year
),

named as (
    select
        days.school_key,
        days.start_year,
        days.school_day,
        case
            when days.start_year = year(days.school_day)
                then 'autumn'
            when
                days.school_day <= coalesce(
                    easter.last_day, spring_ends_by(days.school_day)
                )
                then 'spring'
            else 'summer'
        end as term
    from days
    left join easter
        on
            days.school_key = easter.school_key
            and days.start_year = easter.start_year
)

select
    school_key,
    academic_year(min(school_day)) as academic_year,
    term,
    min(school_day) as first_day,
    max(school_day) as last_day
from named
group by school_key, start_year, term
