-- One row a child in care and kind of check: the last that was done, what came of the
-- newest record, and the next day by which one is due or booked.  state on the day asked
-- for: up to date, not up to date, or not recorded where no record of the kind is there.
-- A check stays up to date for the time of its rule; immunisations and the optician, for
-- which no rule gives a time, for 12 months.
-- Key: school_key, pupil_key, subject.
-- Category: health.
with subjects as (
    select
        kinds.kind,
        case
            when kinds.kind in ('initial assessment', 'review assessment')
                then 'health assessment'
            else kinds.kind::varchar
        end as subject
    from (select unnest(enum_range(null::health_kind)) as kind) as kinds
),

newest as (
    select
        events.school_key,
        events.pupil_key,
        subjects.subject,
        max(events.health_date) filter (
            where events.outcome = 'done'
        ) as last_done_date,
        arg_max(events.age_band, events.health_date) filter (
            where events.outcome = 'done'
        ) as age_band,
        arg_max_null(events.outcome, events.health_date) as last_outcome,
        arg_max_null(events.reason, events.health_date) as last_reason
    from stg_health as events
    inner join subjects on events.kind = subjects.kind
    where events.outcome <> 'booked' and events.health_date <= as_at()
    group by events.school_key, events.pupil_key, subjects.subject
),

listed as (
    select distinct
        in_care.school_key,
        in_care.pupil_key,
        subjects.subject
    from int_in_care as in_care
    cross join subjects
)

select
    listed.school_key,
    listed.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    listed.subject,
    newest.last_done_date,
    newest.last_outcome::varchar as last_outcome,
    reasons.label as last_reason,
    bookings.booked_date,
    case
        when newest.pupil_key is null then 'not recorded'
        when newest.last_outcome = 'not done' and listed.subject = 'immunisations'
            then 'not up to date'
        when
            due_date(
                listed.school_key,
                newest.last_done_date,
                case
                    when
                        listed.subject = 'health assessment'
                        and newest.age_band = 'under 5'
                        then 6
                    else 12
                end,
                'months'
            ) >= as_at()
            then 'up to date'
        else 'not up to date'
    end as state
from listed
inner join stg_pupil as pupils on listed.pupil_key = pupils.pupil_key
left join newest
    on
        listed.school_key = newest.school_key
        and listed.pupil_key = newest.pupil_key
        and listed.subject = newest.subject
left join int_booking as bookings
    on
        listed.school_key = bookings.school_key
        and listed.pupil_key = bookings.pupil_key
        and listed.subject = bookings.subject
left join ref_health_reason as reasons on newest.last_reason = reasons.code
