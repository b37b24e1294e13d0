-- The steps that a governor report counts. The report gives counts only, after a check
-- that protects small groups.
--
-- One row for each dated step of a child who is looked after on the date you chose.
-- The steps are PEP meetings, reasons for absence, notices of suspension, health checks,
-- SDQ forms, steps of an EHCP, and reviews of support and of part-time timetables.
-- PEP meetings that were held show the authority's grade.
-- Reasons for absence and reviews are known only while they are open. An absence or a
-- suspension counts if the child was looked after and at the school on its first day.
-- A step is open if it is not done and still can be. A step has no record if nothing
-- shows whether it was done.
-- Key: pupil_key, duty, rule, started_on.
-- Null: done_date, quality.
-- Category: report.
with duties as (
    select
        pupil_key,
        case
            when rule = 'PEP_REVIEW' then 'PEP'
            when rule in ('PEP_COMPLETE', 'PEP_JOINED') then 'first PEP'
            when rule = 'SUSPENSION_NOTIFY' then 'suspension'
            when rule = 'REGISTER_N' then 'reason'
            when rule like 'EHC%' then 'EHCP'
            when rule like 'SDQ%' then 'SDQ'
            when regexp_matches(rule, '^(IHA|RHA|DENTAL|IMMUN|OPTIC)') then 'health'
        end as duty,
        rule,
        started_on,
        due_date,
        done_date,
        done_date is null and status <> 'missed' as is_open,
        has_no_record
    from int_duty
    union all
    select
        pupil_key,
        'timetable' as duty,
        kind::varchar as rule,
        provision_date as started_on,
        review_date as due_date,
        null as done_date,
        true as is_open,
        false as has_no_record
    from stg_provision
    where as_at() between provision_date and coalesce(end_date, 'infinity'::date)
    union all
    select
        pupil_key,
        'support' as duty,
        kind as rule,
        intervention_date as started_on,
        review_date as due_date,
        null as done_date,
        true as is_open,
        false as has_no_record
    from stg_intervention
    where is_in_period(as_at(), intervention_date, end_date)
)

select
    duties.pupil_key,
    pupils.school_key,
    pupils.pupil_id,
    duties.duty,
    duties.rule,
    duties.started_on,
    duties.due_date,
    duties.done_date,
    case when duties.duty in ('PEP', 'first PEP') then meetings.quality end as quality,
    duties.is_open,
    duties.has_no_record
from duties
inner join int_member as members
    on duties.pupil_key = members.pupil_key and members.is_looked_after
inner join stg_pupil as pupils on duties.pupil_key = pupils.pupil_key
left join stg_pep as meetings
    on
        duties.pupil_key = meetings.pupil_key
        and duties.done_date = meetings.pep_date
where
    duties.duty is not null
    and duties.due_date is not null
    and (
        duties.duty not in ('reason', 'suspension')
        or exists (
            select 1
            from int_group_stay as stays
            where
                stays.pupil_key = duties.pupil_key
                and stays.cohort = 'looked after'
                and is_in_period(duties.started_on, stays.first_day, stays.end_date)
        )
    )
