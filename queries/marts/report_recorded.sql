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
        case subject
            when 'dental check' then 'dental'
            when 'health assessment' then 'health'
            when 'immunisations' then 'immunised'
        end as subject
    from stg_health
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
        unnest(['home', 'moved']) as subject
    from stg_care_episode
    where home is not null
    union
    select
        school_key,
        'worker' as subject
    from stg_care_change
    where kind = 'social worker'
    union
    select
        school_key,
        'review' as subject
    from stg_review
    where took_part is not null
    union
    select
        school_key,
        unnest([subject::varchar, 'attainment']) as subject
    from stg_assessment
    where class_step is not null
    union
    select
        school_key,
        'help' as subject
    from stg_intervention
    union
    select
        school_key,
        'timetable' as subject
    from stg_provision
    where kind = 'part-time timetable'
    union
    select
        school_key,
        'premium' as subject
    from stg_premium
    union
    select
        school_key,
        case
            when starts_with(file_name, 'ehcp') then 'ehcp'
            when starts_with(file_name, 'suspensions') then 'suspended'
            when starts_with(file_name, 'provision') then 'timetable'
            when starts_with(file_name, 'interventions') then 'help'
            when starts_with(file_name, 'care_changes') then 'worker'
        end as subject
    from stg_source
    where not is_refused
),

subjects as (
    select
        school_key,
        unnest(
            [
                'home', 'moved', 'worker', 'review', 'suspended', 'timetable',
                'ehcp', 'sdq', 'health', 'dental', 'immunised',
                'reading', 'writing', 'maths', 'attainment', 'help', 'premium'
            ]
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
