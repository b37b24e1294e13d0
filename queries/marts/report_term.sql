-- One row a school: the term of the day asked for, or the last that began before it.  No
-- row before the first.
-- Key: school_key.
-- Category: report.
select
    school_key,
    arg_max(academic_year, first_day) as academic_year,
    arg_max(term, first_day) as term,
    max(first_day) as first_day,
    arg_max(last_day, first_day) as last_day
from int_term
where first_day <= as_at()
group by school_key
