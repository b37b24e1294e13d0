-- The terms of the school year that a governor report can cover. Before the first term of
-- the year, no term is listed.
--
-- One row for each term of the school year that has begun by the date you chose.
-- A term has a register if at least one mark of the term has been loaded. School weeks
-- are counted up to the date you chose.
-- Key: school_key, term.
-- Category: report.
with begun as (
    select
        school_key,
        academic_year,
        term,
        first_day,
        last_day,
        max(academic_year) over (partition by school_key) as newest_year
    from int_term
    where first_day <= as_at()
),

marked as (
    select distinct
        school_key,
        session_date as school_day
    from stg_mark
)

select
    begun.school_key,
    begun.academic_year,
    begun.term,
    begun.first_day,
    begun.last_day,
    bool_or(marked.school_day is not null) as has_register,
    count(distinct week_start(days.school_day))::integer as school_weeks
from begun
left join int_recent_day as days
    on
        begun.school_key = days.school_key
        and days.school_day between begun.first_day and begun.last_day
left join marked
    on
        days.school_key = marked.school_key
        and days.school_day = marked.school_day
where begun.academic_year = begun.newest_year
group by
    begun.school_key,
    begun.academic_year,
    begun.term,
    begun.first_day,
    begun.last_day
