-- A school's terms: autumn ends at Christmas, spring at the longest break that begins
-- between 15 March and 20 April, summer in July.
-- Key: school_key, first_day.
with days as (
    select
        school_key,
        school_day,
        academic_year(school_day) as academic_year,
        lead(school_day) over (
            partition by school_key
            order by school_day
        ) - school_day as days_to_next
    from int_school_day
),

easter as (
    select
        school_key,
        academic_year,
        arg_max(school_day, days_to_next) as last_day
    from days
    where
        (month(school_day), day(school_day)) >= (3, 15)
        and (month(school_day), day(school_day)) <= (4, 20)
    group by school_key, academic_year
),

named as (
    select
        days.school_key,
        days.academic_year,
        days.school_day,
        case
            when month(days.school_day) >= 8 then 'autumn'
            when days.school_day <= coalesce(easter.last_day, days.school_day)
                then 'spring'
            else 'summer'
        end as term
    from days
    left join easter
        on
            days.school_key = easter.school_key
            and days.academic_year = easter.academic_year
)

select
    school_key,
    academic_year,
    term,
    min(school_day) as first_day,
    max(school_day) as last_day
from named
group by school_key, academic_year, term
