-- One row a school: the term of the day asked for, or the last that began before it, and
-- how many school weeks its academic year had by that day.  No row before the first term.
-- Key: school_key.
-- Category: report.
with newest as (
    select
        school_key,
        arg_max(academic_year, first_day) as academic_year,
        arg_max(term, first_day) as term,
        max(first_day) as first_day,
        arg_max(last_day, first_day) as last_day
    from int_term
    where first_day <= as_at()
    group by school_key
)

select
    newest.school_key,
    newest.academic_year,
    newest.term,
    newest.first_day,
    newest.last_day,
    count(distinct week_start(days.school_day))::integer as school_weeks
from newest
left join int_recent_day as days
    on
        newest.school_key = days.school_key
        and newest.academic_year = academic_year(days.school_day)
group by
    newest.school_key,
    newest.academic_year,
    newest.term,
    newest.first_day,
    newest.last_day
