-- One row a school and subject of the report: whether anything about it has reached the
-- store, in a file that was loaded or typed.  Of a subject that nothing was recorded
-- about, a report says that, and counts no child.
-- Key: school_key, subject.
-- Category: report.
with records as (
    select
        school_key,
        'sdq' as subject
    from stg_sdq
    union
    select
        school_key,
        case when subject = 'dental check' then 'dental' else 'health' end as subject
    from stg_health
    where subject in ('dental check', 'health assessment')
    union
    select
        school_key,
        'ehcp' as subject
    from stg_ehcp
    union
    select
        school_key,
        'suspended' as subject
    from stg_suspension
    union
    select
        school_key,
        'home' as subject
    from stg_care_episode
    where home is not null
    union
    select
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
            ['home', 'suspended', 'ehcp', 'sdq', 'health', 'dental']
        ) as subject
    from stg_school
)

select
    subjects.school_key,
    subjects.subject,
    records.subject is not null as is_recorded
from subjects
left join records
    on
        subjects.school_key = records.school_key
        and subjects.subject = records.subject
