-- One row a school and subject of the report: whether anything about it has reached the
-- store, in a file that was loaded or typed.  Of a subject that nothing was recorded
-- about, a report says that, and counts no child.
-- Key: school_key, subject.
-- Category: report.
with held as (
    select distinct
        school_key,
        'sdq' as subject
    from stg_sdq
    union all
    select distinct
        school_key,
        case when kind = 'dental check' then 'dental' else 'health' end as subject
    from stg_health
    where kind in ('dental check', 'initial assessment', 'review assessment')
    union all
    select distinct
        school_key,
        'ehcp' as subject
    from stg_ehcp
    union all
    select distinct
        school_key,
        'suspended' as subject
    from stg_suspension
    union all
    select distinct
        school_key,
        'attendance' as subject
    from stg_mark
),

files as (
    select distinct
        school_key,
        case
            when starts_with(file_name, 'ehcp') then 'ehcp'
            when starts_with(file_name, 'suspensions') then 'suspended'
        end as subject
    from stg_source
    where not is_refused
),

subjects as (
    select
        school_key,
        unnest(
            ['attendance', 'suspended', 'ehcp', 'sdq', 'health', 'dental']
        ) as subject
    from stg_school
)

select
    subjects.school_key,
    subjects.subject,
    bool_or(held.subject is not null or files.subject is not null) as is_recorded
from subjects
left join held
    on
        subjects.school_key = held.school_key
        and subjects.subject = held.subject
left join files
    on
        subjects.school_key = files.school_key
        and subjects.subject = files.subject
group by subjects.school_key, subjects.subject
