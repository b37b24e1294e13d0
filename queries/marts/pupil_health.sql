-- Whether a child's health checks are up to date, one row for each kind of check. Not
-- recorded means that there is no record either way.
--
-- One row for each child in care and kind of check: the last check done, the latest
-- outcome, the next date booked and the deadline for the next one.
-- A check is not up to date once the deadline for the next one has passed.
-- A check is not due yet if none has been done so far and the deadline has not passed.
-- A health assessment counts only if it was done since care began. Other checks count
-- whenever they were done.
-- Key: pupil_key, subject.
-- Null: last_done_date, last_outcome, booked_date, due_date.
-- Category: health.
with listed as (
    select distinct
        in_care.pupil_key,
        rules.subject,
        if(
            rules.subject = 'health assessment',
            in_care.counts_from,
            '-infinity'::date
        ) as counts_from
    from int_in_care as in_care
    inner join ref_deadline as rules on rules.category = 'health'
),

newest as (
    select
        listed.pupil_key,
        listed.subject,
        max(events.health_date) filter (
            where events.outcome = 'done'
        ) as last_done_date,
        arg_max(events.outcome, (events.health_date, events.kind)) as last_outcome
    from listed
    left join stg_health as events
        on
            listed.pupil_key = events.pupil_key
            and listed.subject = events.subject
            and events.outcome <> 'booked'
            and events.health_date <= as_at()
            and listed.counts_from <= events.health_date
    group by listed.pupil_key, listed.subject
),

owed as (
    select
        duties.pupil_key,
        rules.subject,
        duties.due_date,
        duties.status
    from int_duty as duties
    inner join ref_deadline as rules
        on duties.rule = rules.rule and rules.category = 'health'
    where duties.done_date is null
)

select
    newest.pupil_key,
    pupils.school_key,
    pupils.pupil_id,
    pupils.handle,
    newest.subject,
    newest.last_done_date,
    newest.last_outcome::varchar as last_outcome,
    bookings.booked_date,
    owed.due_date,
    case
        when owed.due_date is null or owed.status in ('not recorded', 'depends on')
            then 'not recorded'
        when owed.due_date < as_at() then 'not up to date'
        when newest.last_done_date is null then 'not due yet'
        else 'up to date'
    end as state
from newest
inner join stg_pupil as pupils on newest.pupil_key = pupils.pupil_key
left join owed
    on newest.pupil_key = owed.pupil_key and newest.subject = owed.subject
left join int_booking as bookings
    on
        newest.pupil_key = bookings.pupil_key
        and newest.subject = bookings.subject
