-- How many steps are past their deadline and not done, by school, by the term in which
-- they were due, and by who must act. Steps that were missed are counted too.
--
-- One row for each school, term and holder with at least one such step. The school is the
-- one that the child goes to now.
-- Steps of the school are overdue, and steps of others are waiting on others. Missed
-- steps can no longer be done, and are counted apart.
-- A step due in the holidays belongs to the term before. The term is "earlier",
-- and the school year empty, if the deadline is before the school's calendar.
-- Key: school_key, academic_year, term, holder.
-- Null: first_day.
-- Category: duty.
select
    late.school_key,
    coalesce(terms.academic_year, '') as academic_year,
    coalesce(terms.term, 'earlier') as term,
    late.holder,
    max(terms.first_day) as first_day,
    count(*) filter (where late.status <> 'missed')::integer as steps,
    count(*) filter (where late.status = 'missed')::integer as missed
from duty as late
asof left join int_term as terms
    on
        late.school_key = terms.school_key
        and late.due_date >= terms.first_day
where late.status in ('overdue', 'waiting on others', 'missed')
group by
    late.school_key,
    coalesce(terms.academic_year, ''),
    coalesce(terms.term, 'earlier'),
    late.holder
