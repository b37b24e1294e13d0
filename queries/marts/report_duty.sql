-- One row a school and kind of duty to the children looked after, in the term of the
-- day asked for, or the last that began: PEP meetings whose last day is in the term,
-- and health assessments with dental checks, SDQs, and steps of EHCPs whose last day
-- came in it by the day asked for.  Those of which no record tells anything are among
-- those due.  done_late are among those done.
-- Key: school_key, duty.
-- Category: report.
with due as (
    select
        members.school_key,
        case
            when duties.rule like 'PEP%' then 'PEP'
            when duties.rule like 'EHC%' then 'EHCP'
            when duties.rule like 'SDQ%' then 'SDQ'
            when regexp_matches(duties.rule, '^(IHA|RHA|DENTAL)') then 'health'
        end as duty,
        duties.done_date,
        duties.due_date
    from int_duty as duties
    inner join int_member as members
        on duties.pupil_key = members.pupil_key and members.is_looked_after
    inner join report_term as terms
        on
            members.school_key = terms.school_key
            and duties.due_date >= terms.first_day
            and duties.due_date
            <= case when duties.rule like 'PEP%' then terms.last_day else as_at() end
)

select
    school_key,
    duty,
    count(*)::integer as due,
    count(done_date)::integer as done,
    count(*) filter (where done_date > due_date)::integer as done_late
from due
where duty is not null
group by school_key, duty
