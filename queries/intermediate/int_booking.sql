-- The next booked day for a duty, on or after the day asked for.
-- Key: pupil_key, subject.
with booked as (
    select
        pupil_key,
        'PEP' as subject,
        pep_date as booked_date
    from stg_pep
    where outcome = 'booked'
    union all
    select
        pupil_key,
        'review of care' as subject,
        review_date as booked_date
    from stg_review
    where outcome = 'booked'
    union all
    select
        pupil_key,
        subject,
        health_date as booked_date
    from stg_health
    where outcome = 'booked'
    union all
    select
        steps.pupil_key,
        'review of a plan' as subject,
        steps.ehcp_date as booked_date
    from stg_ehcp as steps
    inner join ref_ehcp_event as events
        on steps.event = events.code and events.is_booking
    union all
    select
        steps.pupil_key,
        events.subject,
        steps.protection_date as booked_date
    from stg_protection as steps
    inner join ref_protection_event as events
        on steps.event = events.code and events.is_booking
)

select
    pupil_key,
    subject,
    min(booked_date) as booked_date
from booked
where booked_date >= as_at()
group by pupil_key, subject
