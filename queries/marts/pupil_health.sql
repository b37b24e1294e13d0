-- One row a child in care and kind of check: the last that was done, what came of the
-- newest record, the next day on which one is booked, and the last day on which it is up
-- to date.  state on the day asked for: up to date, not up to date, or not recorded
-- where no record of the kind is there.  A check stays up to date until the day that
-- health services gave with it, else for the time of its rule; immunisations and the
-- optician, for which no rule gives a time, for {check_months}.  Immunisations last
-- found not done are not up to date.  Health assessments count from the day on which
-- care began, the other checks whenever they were.
-- Key: pupil_key, subject.
-- Null: last_done_date, last_outcome, last_reason, booked_date, due_date.
-- Category: health.
-- Short: Whether a child's health checks are up to date, one row for each kind of check.
-- Short: Not recorded means that no record of the kind is there.
with kinds as (
    select unnest(enum_range(null::health_kind)) as kind
),

listed as (
    select distinct
        in_care.pupil_key,
        in_care.counts_from,
        get_health_subject(kinds.kind) as subject
    from int_in_care as in_care
    cross join kinds
),

newest as (
    select
        listed.pupil_key,
        listed.subject,
        max(events.health_date) filter (
            where events.outcome = 'done'
        ) as last_done_date,
        arg_max_null(events.next_due, (events.health_date, events.kind)) filter (
            where events.outcome = 'done'
        ) as next_due,
        arg_max(events.age_band, (events.health_date, events.kind)) filter (
            where events.outcome = 'done'
        )::varchar as age_band,
        arg_max(events.outcome, (events.health_date, events.kind)) as last_outcome,
        arg_max_null(events.reason, (events.health_date, events.kind)) as last_reason
    from listed
    left join stg_health as events
        on
            listed.pupil_key = events.pupil_key
            and listed.subject = events.subject
            and events.outcome <> 'booked'
            and events.health_date <= as_at()
            and (
                listed.subject <> 'health assessment'
                or listed.counts_from <= events.health_date
            )
    group by listed.pupil_key, listed.subject
),

dated as (
    select
        newest.pupil_key,
        newest.subject,
        newest.last_done_date,
        newest.last_outcome,
        newest.last_reason,
        coalesce(
            newest.next_due,
            newest.last_done_date
            + to_months(
                coalesce(rules.amount, threshold('check_months', as_at())::integer)
            )
        )::date as due_date
    from newest
    left join ref_deadline as rules
        on
            newest.subject = rules.subject
            and starts_with(rules.clock, 'previous ')
            and (rules.applies_at is null or contains(rules.applies_at, newest.age_band))
)

select
    dated.pupil_key,
    pupils.school_key,
    pupils.pupil_id,
    pupils.handle,
    dated.subject,
    dated.last_done_date,
    dated.last_outcome::varchar as last_outcome,
    reasons.label as last_reason,
    bookings.booked_date,
    dated.due_date,
    case
        when dated.last_outcome is null then 'not recorded'
        when dated.last_outcome = 'not done' and dated.subject = 'immunisations'
            then 'not up to date'
        when as_at() <= dated.due_date then 'up to date'
        else 'not up to date'
    end as state
from dated
inner join stg_pupil as pupils on dated.pupil_key = pupils.pupil_key
left join int_booking as bookings
    on
        dated.pupil_key = bookings.pupil_key
        and dated.subject = bookings.subject
left join ref_health_reason as reasons on dated.last_reason = reasons.code
