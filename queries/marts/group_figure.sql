-- What a Headteacher is told about the children looked after as one group: sessions,
-- suspensions, PEP meetings, SDQ scores, progress, pupil premium plus and overdue steps.
-- No row is about one child, but a group may be of one child.
--
-- One row for each measure and part of it that has something recorded, about children who
-- are looked after and on the roll on the date you chose. Where there are several
-- schools, a row adds up all of them.
-- A measure says how many are counted, and out of how many where that is known. A measure
-- of money has pounds instead, with pence.
-- Sessions, suspensions, PEP meetings and money are of the school year of the date.
-- PEP meetings count once their deadline has passed, or once they were held.
-- SDQ scores are the carer's, that count for the year. The part is the band of the score.
-- Progress compares steps of a child with those of the class over the same time. The part
-- is the subject.
-- Overdue steps are those of today, by who must act: the school or others.
-- Key: measure, part.
-- Null: counted, out_of, pounds.
-- Category: group.
with members as (
    select
        pupil_key,
        school_key
    from int_member
    where is_looked_after
),

newest_scores as (
    select
        scores.pupil_key,
        arg_max(scores.band, scores.sdq_date) as band
    from pupil_sdq as scores
    inner join members on scores.pupil_key = members.pupil_key
    where scores.is_of_the_year and scores.band is not null
    group by scores.pupil_key
),

money as (
    select
        sum(amounts.planned) as planned,
        sum(amounts.spent) as spent
    from int_premium as amounts
    inner join members on amounts.pupil_key = members.pupil_key
    where amounts.academic_year = academic_year(as_at())
),

overdue_steps as (
    select
        coalesce(sum(overdue.school), 0) as school,
        coalesce(
            sum(
                overdue.school_and_social_worker + overdue.social_worker
                + overdue.authority + overdue.health
            ),
            0
        ) as elsewhere
    from members
    left join overdue_count as overdue on members.pupil_key = overdue.pupil_key
),

facts as (
    select
        'looked after' as measure,
        '' as part,
        count(*) as counted,
        null::bigint as out_of
    from members
    union all
    select
        'missed sessions' as measure,
        '' as part,
        attendance.absent_sessions as counted,
        attendance.possible_sessions as out_of
    from cohort_attendance as attendance
    where
        attendance.cohort = 'looked after'
        and attendance.academic_year = academic_year(register_day())
    union all
    select
        'persistently absent' as measure,
        '' as part,
        attendance.persistent_children as counted,
        attendance.children - attendance.too_early_children as out_of
    from cohort_attendance as attendance
    where
        attendance.cohort = 'looked after'
        and attendance.academic_year = academic_year(register_day())
    union all
    select
        'suspended' as measure,
        '' as part,
        count(distinct suspensions.pupil_key) as counted,
        count(distinct members.pupil_key) as out_of
    from members
    left join pupil_suspension as suspensions
        on
            members.pupil_key = suspensions.pupil_key
            and suspensions.academic_year = academic_year(as_at())
    union all
    select
        'PEP meetings' as measure,
        '' as part,
        count(*) filter (where duties.done_date <= duties.due_date) as counted,
        count(*) as out_of
    from report_duty as duties
    inner join members on duties.pupil_key = members.pupil_key
    where
        duties.duty = 'PEP'
        and academic_year(duties.due_date) = academic_year(as_at())
        and (duties.due_date < as_at() or duties.done_date is not null)
    union all
    select
        'SDQ scores' as measure,
        '' as part,
        count(*) filter (where coverage.said = 'score') as counted,
        count(*) as out_of
    from sdq_coverage as coverage
    inner join members on coverage.pupil_key = members.pupil_key
    union all
    select
        'SDQ band' as measure,
        newest.band as part,
        count(*) as counted,
        null::bigint as out_of
    from newest_scores as newest
    group by newest.band
    union all
    select
        'progress' as measure,
        progress.subject as part,
        count(*) filter (where progress.steps >= progress.class_steps) as counted,
        count(*) as out_of
    from pupil_progress as progress
    inner join members on progress.pupil_key = members.pupil_key
    where progress.class_steps is not null and progress.assessments > 1
    group by progress.subject
    union all
    select
        'overdue' as measure,
        'school' as part,
        steps.school as counted,
        null::bigint as out_of
    from overdue_steps as steps
    union all
    select
        'overdue' as measure,
        'others' as part,
        steps.elsewhere as counted,
        null::bigint as out_of
    from overdue_steps as steps
    union all
    select
        'premium' as measure,
        'planned' as part,
        null::bigint as counted,
        null::bigint as out_of
    union all
    select
        'premium' as measure,
        'spent' as part,
        null::bigint as counted,
        null::bigint as out_of
),

figures as (
    select
        facts.measure,
        facts.part,
        facts.counted::integer as counted,
        facts.out_of::integer as out_of,
        case
            when facts.part = 'planned' then money.planned
            when facts.part = 'spent' then money.spent
        end as pounds
    from facts
    cross join money
)

select
    figures.measure,
    figures.part,
    figures.counted,
    figures.out_of,
    figures.pounds
from figures
where
    coalesce(figures.counted, figures.pounds) is not null
    and coalesce(figures.out_of, 1) > 0
