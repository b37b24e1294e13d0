-- How many steps are past their deadline and not done, by child, by the term in which
-- they were due, and by who must act. Steps that were missed are counted too.
--
-- One row for each child and term with at least one such step, with the school that the
-- child goes to now.
-- A column for each who must act: steps of the school are overdue, and steps of others
-- are waiting on others, even if booked for later. Several late steps of one kind count
-- once for a child, from the first. Missed steps can no longer be done, and are counted
-- apart, each of them.
-- A step due in the holidays belongs to the term before. The term is "earlier", and the
-- school year empty, if the deadline is before the school's calendar.
-- Key: pupil_key, academic_year, term.
-- Null: first_day.
-- Category: duty.
select
    late.school_key,
    schools.school_name,
    late.pupil_key,
    late.pupil_id,
    coalesce(terms.academic_year, '') as academic_year,
    coalesce(terms.term, 'earlier') as term,
    max(terms.first_day) as first_day,
    count(case when late.holder = 'school' then 1 end)::integer as school,
    count(case when late.holder = 'school and social worker' then 1 end)::integer
        as school_and_social_worker,
    count(case when late.holder = 'social worker' then 1 end)::integer as social_worker,
    count(case when late.holder = 'authority' then 1 end)::integer as authority,
    count(case when late.holder = 'health' then 1 end)::integer as health,
    count(case when late.holder = 'missed' then 1 end)::integer as missed
from (
    select
        school_key,
        pupil_key,
        pupil_id,
        if(status = 'missed', status, holder) as holder,
        min(due_date) as due_date
    from duty
    where
        status = 'missed'
        or (
            status in ('overdue', 'waiting on others', 'booked late')
            and due_date < as_at()
        )
    group by
        school_key,
        pupil_key,
        pupil_id,
        rule,
        status,
        holder,
        case when status = 'missed' then started_on end
) as late
inner join stg_school as schools on late.school_key = schools.school_key
asof left join int_term as terms
    on
        late.school_key = terms.school_key
        and late.due_date >= terms.first_day
group by
    late.school_key,
    schools.school_name,
    late.pupil_key,
    late.pupil_id,
    coalesce(terms.academic_year, ''),
    coalesce(terms.term, 'earlier')
